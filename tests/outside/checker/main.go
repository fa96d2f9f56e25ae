// Checks an exported custody log (C2SP tlog-tiles) with Go's own transparency log packages.
//
//	checker VKEY FOLDER [REMEMBERED-CHECKPOINT]
//
// VKEY is the log's verifier key from the contract. Every entry is hashed, every tile is compared with what
// the entries give, the root with the signed head, and that head with one that was kept from before. It ends
// with 0 and a sentence, or with 1 and what is wrong.
//
// Rule: golang.org/x/mod/sumdb/note and tlog, which Debian packages as golang-golang-x-mod-dev, do the
// cryptography; nothing of Ironroom is used.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // of a tile, in tlog-tiles

var picture = regexp.MustCompile(`"sha256":"([0-9a-f]{64})"`)

func fail(format string, values ...any) {
	fmt.Printf("REFUSED: "+format+"\n", values...)
	os.Exit(1)
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

// head opens a signed note with one key and reads its three lines.
func head(file, vkey string) (string, tlog.Tree) {
	octets, err := os.ReadFile(file)
	must(err)
	verifier, err := note.NewVerifier(vkey)
	must(err)
	opened, err := note.Open(octets, note.VerifierList(verifier))
	if err != nil {
		fail("%s: %v", file, err)
	}
	origin, rest, _ := strings.Cut(opened.Text, "\n")
	if origin != verifier.Name() {
		fail("%s: the head is of %q", file, origin)
	}
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest)) // Go's own logs have this first line
	must(err)
	return origin, tree
}

// path spells a tile as tlog-tiles does; level -1 are the entry bundles.
func path(tile tlog.Tile) string {
	spelled := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(spelled, "data/", "entries/", 1)
}

// bundle splits an entry bundle: each entry behind its length in two bytes.
func bundle(octets []byte, width int) [][]byte {
	var entries [][]byte
	for len(octets) >= 2 {
		end := 2 + int(binary.BigEndian.Uint16(octets))
		if end > len(octets) {
			break
		}
		entries, octets = append(entries, octets[2:end]), octets[end:]
	}
	if len(entries) != width || len(octets) != 0 {
		return nil
	}
	return entries
}

func main() {
	if len(os.Args) < 3 {
		fail("usage: checker VKEY FOLDER [REMEMBERED-CHECKPOINT]")
	}
	vkey, folder := os.Args[1], os.Args[2]
	origin, tree := head(filepath.Join(folder, "checkpoint"), vkey)

	var minimum int64 // entries before it may have been pruned
	if octets, err := os.ReadFile(filepath.Join(folder, "minimum-index")); err == nil {
		minimum, err = strconv.ParseInt(strings.TrimSpace(string(octets)), 10, 64)
		must(err)
	}

	// Every entry is hashed; of a pruned bundle the leaf hashes in its tile are taken, and the root judges.
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	expected, named := map[string]bool{}, map[string]bool{}
	for n := int64(0); n < tree.N; {
		tile := tlog.Tile{H: height, L: 0, N: n >> height, W: 1 << height}
		if left := tree.N - n; left < int64(tile.W) {
			tile.W = int(left)
		}
		entries := tlog.Tile{H: height, L: -1, N: tile.N, W: tile.W}
		expected[path(entries)] = true
		octets, err := os.ReadFile(filepath.Join(folder, path(entries)))
		var leaves []tlog.Hash
		if os.IsNotExist(err) && n+int64(tile.W) <= minimum {
			octets, err = os.ReadFile(filepath.Join(folder, path(tile)))
			for ; len(octets) >= tlog.HashSize; octets = octets[tlog.HashSize:] {
				leaves = append(leaves, *(*tlog.Hash)(octets[:tlog.HashSize]))
			}
		} else {
			for _, entry := range bundle(octets, tile.W) {
				leaves = append(leaves, tlog.RecordHash(entry))
				for _, found := range picture.FindAllSubmatch(entry, -1) {
					named[string(found[1])] = true
				}
			}
		}
		must(err)
		if len(leaves) != tile.W {
			fail("%s: not %d whole entries", path(entries), tile.W)
		}
		for _, leaf := range leaves {
			hashes, err := tlog.StoredHashesForRecordHash(n, leaf, reader)
			must(err)
			stored, n = append(stored, hashes...), n+1
		}
	}
	for _, tile := range tlog.NewTiles(height, 0, tree.N) {
		if widest := tree.N >> (height * tile.L) % (1 << height); tile.W < 1<<height && int64(tile.W) < widest {
			continue // a partial tile of a smaller tree
		}
		expected[path(tile)] = true
		octets, err := os.ReadFile(filepath.Join(folder, path(tile)))
		must(err)
		given, err := tlog.ReadTileData(tile, reader)
		must(err)
		for at := 0; !bytes.Equal(octets, given); at += tlog.HashSize {
			end := at + tlog.HashSize
			if len(octets) != len(given) || !bytes.Equal(octets[at:end], given[at:end]) {
				fail("%s: hash %d is not what the entries give", path(tile), at/tlog.HashSize)
			}
		}
	}
	root, err := tlog.TreeHash(tree.N, reader)
	must(err)
	if root != tree.Hash {
		fail("the entries do not give the signed root of %d entries", tree.N)
	}

	// No file that is not of this tree, and no picture that is not what an entry names.
	must(filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(folder, file)
		switch {
		case err != nil || entry.IsDir():
			return err
		case strings.HasPrefix(name, "tile/") && !expected[name]:
			return fmt.Errorf("%s: a file that does not belong to this tree", name)
		case strings.HasPrefix(name, "pictures/"):
			octets, err := os.ReadFile(file)
			if digest := fmt.Sprintf("%x", sha256.Sum256(octets)); digest != entry.Name() || !named[digest] {
				return fmt.Errorf("%s: not a picture that an entry names", name)
			}
			return err
		}
		return nil
	}))

	if len(os.Args) > 3 {
		_, older := head(os.Args[3], vkey)
		if older.N > tree.N {
			fail("rolled back: a head of %d entries was signed, here are %d", older.N, tree.N)
		}
		proof, err := tlog.ProveTree(tree.N, older.N, reader)
		must(err)
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash); err != nil {
			fail("the head of %d entries does not continue the remembered one of %d", tree.N, older.N)
		}
	}
	fmt.Printf("%s: %d entries, every tile and the signed root are right\n", origin, tree.N)
}
