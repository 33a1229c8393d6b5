// Command witness is a witness of one log on golang.org/x/mod alone, for the project's client.
//
//	witness VKEY NAME SEED     listens on loopback, prints its address and its key, remembers nothing
//	                           beyond its own life; SEED is 32 bytes in hex
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type witness struct {
	sync.Mutex
	log  note.Verifier
	name string
	key  ed25519.PrivateKey
	seen tlog.Tree
}

func main() {
	log, err := note.NewVerifier(os.Args[1])
	must(err)
	seed, err := hex.DecodeString(os.Args[3])
	must(err)
	w := &witness{log: log, name: os.Args[2], key: ed25519.NewKeyFromSeed(seed)}
	w.seen.Hash = sha256.Sum256(nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	fmt.Printf("http://%s %s\n", listener.Addr(), w.vkey())
	must(http.Serve(listener, http.HandlerFunc(w.answer)))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (w *witness) public() []byte {
	return append([]byte{4}, w.key.Public().(ed25519.PublicKey)...)
}

func (w *witness) id() []byte {
	sum := sha256.Sum256(append([]byte(w.name+"\n"), w.public()...))
	return sum[:4]
}

func (w *witness) vkey() string {
	return fmt.Sprintf("%s+%x+%s", w.name, w.id(), base64.StdEncoding.EncodeToString(w.public()))
}

func (w *witness) answer(out http.ResponseWriter, in *http.Request) {
	body, err := io.ReadAll(io.LimitReader(in.Body, 1<<20))
	if in.Method != http.MethodPost || in.URL.Path != "/add-checkpoint" || err != nil {
		http.NotFound(out, in)
		return
	}
	w.Lock()
	defer w.Unlock()
	status, said := w.judge(body)
	if status == http.StatusConflict {
		out.Header().Set("Content-Type", "text/x.tlog.size")
	}
	out.WriteHeader(status)
	io.WriteString(out, said)
}

func (w *witness) judge(body []byte) (int, string) {
	cut := bytes.Index(body, []byte("\n\n"))
	if cut < 0 {
		return http.StatusBadRequest, ""
	}
	lines := strings.Split(string(body[:cut]), "\n")
	old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	if err != nil || old < 0 {
		return http.StatusBadRequest, ""
	}
	var proof tlog.TreeProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return http.StatusBadRequest, ""
		}
		proof = append(proof, hash)
	}
	signed := body[cut+2:]
	if !bytes.HasPrefix(signed, []byte(w.log.Name()+"\n")) {
		return http.StatusNotFound, ""
	}
	opened, err := note.Open(signed, note.VerifierList(w.log))
	if err != nil {
		return http.StatusForbidden, ""
	}
	head := strings.Split(opened.Text, "\n")
	if len(head) != 4 {
		return http.StatusBadRequest, ""
	}
	size, err := strconv.ParseInt(head[1], 10, 64)
	if err != nil || old > size {
		return http.StatusBadRequest, ""
	}
	root, err := tlog.ParseHash(head[2])
	if err != nil {
		return http.StatusBadRequest, ""
	}
	if old != w.seen.N {
		return http.StatusConflict, fmt.Sprintf("%d\n", w.seen.N)
	}
	if !w.extends(proof, size, root) {
		return http.StatusUnprocessableEntity, ""
	}
	w.seen = tlog.Tree{N: size, Hash: root}
	now := uint64(time.Now().Unix())
	frame := fmt.Sprintf("cosignature/v1\ntime %d\n%s", now, opened.Text)
	data := binary.BigEndian.AppendUint64(w.id(), now)
	data = append(data, ed25519.Sign(w.key, []byte(frame))...)
	return http.StatusOK, fmt.Sprintf("— %s %s\n", w.name, base64.StdEncoding.EncodeToString(data))
}

func (w *witness) extends(proof tlog.TreeProof, size int64, root tlog.Hash) bool {
	if w.seen.N == 0 || w.seen.N == size {
		return len(proof) == 0 && (w.seen.N == 0 || w.seen.Hash == root)
	}
	return tlog.CheckTree(proof, size, root, w.seen.N, w.seen.Hash) == nil
}
