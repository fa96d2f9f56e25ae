# Verbs. `make demo` and `make test` do all their own set-up.
.PHONY: demo test fast soak lint docs bench lock clean

RUN = .venv/bin/python -m
# Compiled once, and not anew by each of the hundreds of processes that tests and demo start.
export PYTHONDONTWRITEBYTECODE =
# What failed (1: some test did) beside others is tried once more, alone; what fails again is a failure.
ALONE = { [ $$? = 1 ] && echo "Once more, alone:" && $(RUN) pytest -v --lf --lfnf=none --maxfail=3 $(1); }

demo:
	@tools/setup.sh
	@.venv/bin/ironroom demo

# A file stays with one worker, so that what its tests share is built once. Browsers wait until the wires are
# done: beside them the two cores starve, and on a wire whatever comes late is a fault. Everything is compiled
# before: a process whose disk is full would leave half of a compiled file behind for all others.
test: lint
	@NEEDS="go openssl chromium chromium-headless-shell certutil pdftoppm tesseract fonts-noto-cjk" tools/setup.sh
	@tools/outside.sh
	@$(RUN) compileall -q -j 2 bench controller firmware_shims hardware recorder tests tools web
	@$(RUN) pytest -n 4 --dist loadfile --no-loadscope-reorder --ignore tests/browser || $(call ALONE,--ignore tests/browser)
	@$(RUN) pytest -n 3 --dist loadfile --no-loadscope-reorder tests/browser || $(call ALONE,tests/browser)

fast: lint
	@$(RUN) pytest tests/core tests/ledger tests/config

lint:
	@NEEDS="strace age softhsm2-util" tools/setup.sh
	@$(RUN) ruff check .
	@$(RUN) ruff format --check --quiet .
	@$(RUN) mypy

soak:
	@NEEDS="strace age softhsm2-util" tools/setup.sh
	@for one in tests/soak/[a-z]*.py; do echo "$$one"; $(RUN) $$(echo $$one | sed 's/\.py$$//; s,/,.,g') || exit 1; done

docs:
	@tools/setup.sh
	@$(RUN) tools.print_docs

bench:
	@tools/setup.sh
	@.venv/bin/ironroom bench room
	@.venv/bin/ironroom bench log
	@.venv/bin/ironroom bench readers
	@.venv/bin/ironroom bench eyes
	@.venv/bin/ironroom bench console

lock:
	@tools/setup.sh
	@.venv/bin/python -m pip install --quiet pip-tools
	@echo 'setuptools>=77' | .venv/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file build.lock -
	@.venv/bin/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	    --extra console --extra dev --extra eyes --extra pi --extra pkcs11 --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv .venv-outside .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
