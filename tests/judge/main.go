// Command judge checks a C2SP tlog-tiles log with golang.org/x/mod alone.
//
// It shares no code with the project: hashes, proofs, notes and tile reading are x/mod's, only
// the paths, the checkpoint body and the receipt's frame are read here.
//
//	judge log DIR_OR_URL VKEY                        every bundle and tile against the signed root
//	judge receipt ENTRY PROOF VKEY                   a c2sp.org/tlog-proof@v1 against its entry
//	judge cosigned NOTE VKEY WITNESSVKEY...          every witness cosigned the log's checkpoint
//	judge consistency DIR_OR_URL VKEY OLDCHECKPOINT  the log extends an older signed checkpoint
//
// It prints one line and exits 0, or 1 where anything does not hold.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
	frame  = "c2sp.org/tlog-proof@v1"
)

func main() {
	said, err := judge(os.Args[1:])
	if err != nil {
		fmt.Println("REFUSED:", err)
		os.Exit(1)
	}
	fmt.Println("PASS:", said)
}

func judge(args []string) (string, error) {
	switch {
	case len(args) == 3 && args[0] == "log":
		return judgeLog(source{args[1]}, args[2])
	case len(args) == 4 && args[0] == "receipt":
		return judgeReceipt(args[1], args[2], args[3])
	case len(args) == 4 && args[0] == "consistency":
		return judgeConsistency(source{args[1]}, args[2], args[3])
	case len(args) >= 4 && args[0] == "cosigned":
		return judgeCosigned(args[1], args[2], args[3:])
	}
	return "", errors.New("usage: log PLACE VKEY | receipt ENTRY PROOF VKEY | " +
		"consistency PLACE VKEY OLD | cosigned NOTE VKEY WITNESSVKEY...")
}

// A source is a directory or the URL of a served log.
type source struct{ place string }

func (s source) remote() bool { return strings.Contains(s.place, "://") }

func (s source) read(path string) ([]byte, error) {
	if !s.remote() {
		return os.ReadFile(filepath.Join(s.place, filepath.FromSlash(path)))
	}
	client := http.Client{Timeout: 30 * time.Second}
	answer, err := client.Get(strings.TrimSuffix(s.place, "/") + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d", path, answer.StatusCode)
	}
	return io.ReadAll(answer.Body)
}

// tilePath drops the height, which C2SP paths do not carry.
func tilePath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
}

func bundlePath(tile tlog.Tile) string {
	tile.L = -1
	return strings.Replace(tilePath(tile), "tile/data/", "tile/entries/", 1)
}

// Height, ReadTiles and SaveTiles make a source a tlog.TileReader.
func (s source) Height() int { return height }

func (s source) SaveTiles([]tlog.Tile, [][]byte) {}

func (s source) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := s.read(tilePath(tile))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", tilePath(tile), len(data))
		}
		all = append(all, data)
	}
	return all, nil
}

func number(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		return 0, fmt.Errorf("malformed number %q", text)
	}
	return n, nil
}

func openCheckpoint(signed []byte, vkey string) (tlog.Tree, error) {
	var tree tlog.Tree
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tree, errors.New("checkpoint: origin is not the key's name, or not three lines")
	}
	if tree.N, err = number(lines[1]); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func splitBundle(data []byte) ([][]byte, error) {
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("truncated")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	return entries, nil
}

// A forest holds every hash of the tree as recomputed from the entries.
type forest []tlog.Hash

func (f forest) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(f)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		hashes = append(hashes, f[index])
	}
	return hashes, nil
}

func rootOf(n int64, hashes tlog.HashReader) (tlog.Hash, error) {
	if n == 0 {
		return sha256.Sum256(nil), nil
	}
	return tlog.TreeHash(n, hashes)
}

// tilesOf lists the tiles of a tree: NewTiles also names every narrower partial tile.
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for _, tile := range tlog.NewTiles(height, 0, size) {
		if tile.W == width || int64(tile.W) == size>>(height*uint(tile.L))%width {
			tiles = append(tiles, tile)
		}
	}
	return tiles
}

func judgeLog(s source, vkey string) (string, error) {
	signed, err := s.read("checkpoint")
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(signed, vkey)
	if err != nil {
		return "", err
	}
	tiles := tilesOf(tree.N)
	var grown forest
	var bundles [][]byte
	count := int64(0)
	for _, tile := range tiles {
		if tile.L != 0 {
			continue
		}
		data, err := s.read(bundlePath(tile))
		if err != nil {
			return "", err
		}
		entries, err := splitBundle(data)
		if err != nil || len(entries) != tile.W {
			return "", fmt.Errorf("%s: %d entries, %v", bundlePath(tile), len(entries), err)
		}
		for _, entry := range entries {
			hashes, err := tlog.StoredHashes(count, entry, grown)
			if err != nil {
				return "", err
			}
			grown = append(grown, hashes...)
			count++
		}
		bundles = append(bundles, data)
	}
	root, err := rootOf(tree.N, grown)
	if err != nil {
		return "", err
	}
	if root != tree.Hash {
		return "", errors.New("the entries do not hash to the signed root")
	}
	for _, tile := range tiles {
		if err := sameTile(s, tile, grown); err != nil {
			return "", err
		}
	}
	root, err = rootOf(tree.N, tlog.TileHashReader(tree, s))
	if err != nil || root != tree.Hash {
		return "", fmt.Errorf("the tiles do not hash to the signed root: %v", err)
	}
	older, err := olderParts(s, tree.N, grown, bundles)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d entries, %d tiles, %d older parts", tree.N, len(tiles), older), nil
}

func sameTile(s source, tile tlog.Tile, grown forest) error {
	want, err := tlog.ReadTileData(tile, grown)
	if err != nil {
		return err
	}
	data, err := s.read(tilePath(tile))
	if err != nil {
		return err
	}
	if !bytes.Equal(data, want) {
		return fmt.Errorf("%s differs from the entries", tilePath(tile))
	}
	return nil
}

// olderParts checks the partial tiles and bundles that a directory keeps of smaller trees.
func olderParts(s source, size int64, grown forest, bundles [][]byte) (int, error) {
	found := 0
	if s.remote() {
		return found, nil
	}
	err := filepath.WalkDir(filepath.Join(s.place, "tile"), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || !strings.Contains(path, ".p"+string(filepath.Separator)) {
			return err
		}
		relative, err := filepath.Rel(s.place, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(relative)
		inner := strings.Replace(strings.TrimPrefix(name, "tile/"), "entries/", "data/", 1)
		tile, err := tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", height, inner))
		if err != nil {
			return err
		}
		found++
		if tile.L >= 0 {
			if (tile.N*width+int64(tile.W))<<(height*uint(tile.L)) > size {
				return fmt.Errorf("%s lies beyond the checkpoint", name)
			}
			return sameTile(s, tile, grown)
		}
		data, err := s.read(name)
		if err != nil {
			return err
		}
		entries, err := splitBundle(data)
		if err != nil || len(entries) != tile.W || tile.N >= int64(len(bundles)) ||
			!bytes.HasPrefix(bundles[tile.N], data) {
			return fmt.Errorf("%s differs from the newest bundle", name)
		}
		return nil
	})
	return found, err
}

func judgeReceipt(entryFile, proofFile, vkey string) (string, error) {
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(proofFile)
	if err != nil {
		return "", err
	}
	cut := bytes.Index(text, []byte("\n\n"))
	if cut < 0 {
		return "", errors.New("receipt: no blank line")
	}
	tree, err := openCheckpoint(text[cut+2:], vkey)
	if err != nil {
		return "", err
	}
	lines := strings.Split(string(text[:cut]), "\n")
	if len(lines) > 1 && strings.HasPrefix(lines[1], "extra ") {
		if _, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra ")); err != nil {
			return "", err
		}
		lines = append(lines[:1], lines[2:]...)
	}
	if len(lines) < 2 || lines[0] != frame || !strings.HasPrefix(lines[1], "index ") {
		return "", errors.New("receipt: malformed frame")
	}
	index, err := number(strings.TrimPrefix(lines[1], "index "))
	if err != nil {
		return "", err
	}
	if index >= tree.N {
		return "", errors.New("receipt: index outside the tree")
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return "", err
		}
		proof = append(proof, hash)
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return "", err
	}
	return fmt.Sprintf("entry %d of %d", index, tree.N), nil
}

func judgeConsistency(s source, vkey, oldFile string) (string, error) {
	oldSigned, err := os.ReadFile(oldFile)
	if err != nil {
		return "", err
	}
	older, err := openCheckpoint(oldSigned, vkey)
	if err != nil {
		return "", err
	}
	signed, err := s.read("checkpoint")
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(signed, vkey)
	if err != nil {
		return "", err
	}
	if older.N > tree.N {
		return "", fmt.Errorf("the log shrank from %d to %d", older.N, tree.N)
	}
	if older.N == 0 {
		if root, _ := rootOf(0, nil); root != older.Hash {
			return "", errors.New("the empty tree has another root")
		}
	} else {
		proof, err := tlog.ProveTree(tree.N, older.N, tlog.TileHashReader(tree, s))
		if err != nil {
			return "", err
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d extends %d", tree.N, older.N), nil
}

// A cosigner makes x/mod's note package check cosignature/v1 lines, whose message holds a time.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }

func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	frame := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(frame), msg...), sig[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed witness key")
	}
	data, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(data) != 1+ed25519.PublicKeySize || data[0] != 4 {
		return nil, errors.New("not a key of cosignature/v1")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), data...))
	hash := binary.BigEndian.Uint32(sum[:])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		return nil, errors.New("the witness key's id is not its own")
	}
	return cosigner{parts[0], hash, data[1:]}, nil
}

func judgeCosigned(noteFile, vkey string, witnesses []string) (string, error) {
	signed, err := os.ReadFile(noteFile)
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(signed, vkey)
	if err != nil {
		return "", err
	}
	var known []note.Verifier
	for _, text := range witnesses {
		verifier, err := newCosigner(text)
		if err != nil {
			return "", err
		}
		known = append(known, verifier)
	}
	opened, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return "", err
	}
	if len(opened.Sigs) != len(known) {
		return "", fmt.Errorf("%d of %d witnesses signed", len(opened.Sigs), len(known))
	}
	return fmt.Sprintf("%d witnesses at %d", len(opened.Sigs), tree.N), nil
}
