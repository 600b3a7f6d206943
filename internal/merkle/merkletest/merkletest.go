// Package merkletest makes logs for the tests of those who read them.
//
// It stands apart so that no program can write a log around the one appender: what it does is
// what Tessera does for Loam, without files, in a few lines.
package merkletest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"loam/internal/merkle"
)

// Log is a log in memory: the files of its last Publish.
type Log struct {
	Origin string
	Key    string // the verifier key
	Files  map[string][]byte

	signer  note.Signer
	hashes  stored
	entries [][]byte
}

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = s[x]
	}
	return out, nil
}

// New makes an empty log whose key follows from its name and the seed.
func New(t testing.TB, origin string, seed uint64) *Log {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.NewChaCha8(sha256.Sum256(fmt.Append(nil, origin, seed))), origin)
	must(t, err)
	signer, err := note.NewSigner(skey)
	must(t, err)
	return &Log{Origin: origin, Key: vkey, Files: map[string][]byte{}, signer: signer}
}

// Append adds entries; Publish makes them visible.
func (l *Log) Append(t testing.TB, entries ...[]byte) {
	t.Helper()
	for _, e := range entries {
		h, err := tlog.StoredHashes(int64(len(l.entries)), e, l.hashes)
		must(t, err)
		l.hashes = append(l.hashes, h...)
		l.entries = append(l.entries, e)
	}
}

// Publish writes the tiles and the checkpoint of what was appended, and forgets older ones.
func (l *Log) Publish(t testing.TB) {
	t.Helper()
	l.Files = map[string][]byte{"checkpoint": l.Checkpoint(t, int64(len(l.entries)))}
	for _, tile := range tlog.NewTiles(8, 0, int64(len(l.entries))) {
		data, err := tlog.ReadTileData(tile, l.hashes)
		must(t, err)
		l.Files[merkle.TilePath(tile.L, tile.N, tile.W)] = data
		if tile.L == 0 {
			var bundle []byte
			for _, e := range l.entries[tile.N*256:][:tile.W] {
				bundle = append(binary.BigEndian.AppendUint16(bundle, uint16(len(e))), e...)
			}
			l.Files[merkle.TilePath(-1, tile.N, tile.W)] = bundle
		}
	}
}

// Tree is the tree of the first n entries.
func (l *Log) Tree(t testing.TB, n int64) tlog.Tree {
	t.Helper()
	h, err := tlog.TreeHash(n, l.hashes)
	must(t, err)
	return tlog.Tree{N: n, Hash: h}
}

// Checkpoint signs the tree of the first n entries.
func (l *Log) Checkpoint(t testing.TB, n int64) []byte {
	t.Helper()
	return l.Sign(t, l.Tree(t, n))
}

// Sign signs any tree, be it this log's or not.
func (l *Log) Sign(t testing.TB, tree tlog.Tree) []byte {
	t.Helper()
	text, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", l.Origin, tree.N, tree.Hash)}, l.signer)
	must(t, err)
	return text
}

// Receipt is the proof of an entry in the tree of the first n, with the entry in it.
func (l *Log) Receipt(t testing.TB, index, n int64) merkle.Proof {
	t.Helper()
	p, err := tlog.ProveRecord(n, index, l.hashes)
	must(t, err)
	return merkle.Proof{Entry: l.entries[index], Index: index, Hashes: p, Checkpoint: l.Checkpoint(t, n)}
}

// Read gives the published files.
func (l *Log) Read(path string) ([]byte, error) {
	data, ok := l.Files[path]
	if !ok {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	return data, nil
}

// Verifier is the log's key as OpenCheckpoint takes it.
func (l *Log) Verifier(t testing.TB) note.Verifier {
	t.Helper()
	v, err := note.NewVerifier(l.Key)
	must(t, err)
	return v
}

// Witness cosigns checkpoints as c2sp.org/tlog-cosignature describes.
type Witness struct {
	Key string // the verifier key

	name string
	time int64
	hash uint32
	key  ed25519.PrivateKey
}

// NewWitness makes a witness whose clock stands still at a time in Unix seconds.
func NewWitness(name string, time int64) *Witness {
	seed := sha256.Sum256([]byte(name))
	key := ed25519.NewKeyFromSeed(seed[:])
	pub := append([]byte{4}, key.Public().(ed25519.PublicKey)...)
	id := sha256.Sum256([]byte(name + "\n" + string(pub)))
	return &Witness{
		Key:  fmt.Sprintf("%s+%x+%s", name, id[:4], base64.StdEncoding.EncodeToString(pub)),
		name: name, time: time, hash: binary.BigEndian.Uint32(id[:]), key: key,
	}
}

// Name is the witness's, KeyHash its key's id: it is a note.Signer.
func (w *Witness) Name() string { return w.name }

// KeyHash is the id of the witness's key.
func (w *Witness) KeyHash() uint32 { return w.hash }

// Sign makes the timestamped signature over a checkpoint's text.
func (w *Witness) Sign(msg []byte) ([]byte, error) {
	sig := ed25519.Sign(w.key, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", w.time, msg))
	return append(binary.BigEndian.AppendUint64(nil, uint64(w.time)), sig...), nil
}

// Cosign adds the witness's signature to a checkpoint of the log.
func (w *Witness) Cosign(t testing.TB, l *Log, checkpoint []byte) []byte {
	t.Helper()
	n, err := note.Open(checkpoint, note.VerifierList(l.Verifier(t)))
	must(t, err)
	text, err := note.Sign(n, w)
	must(t, err)
	return text
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
