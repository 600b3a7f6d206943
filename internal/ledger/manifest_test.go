package ledger

import (
	"bytes"
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"loam"
	"loam/internal/merkle"
	"loam/internal/merkle/merkletest"
)

// manifestOf writes a manifest of works in ascending order.
func manifestOf(t testing.TB, works ...byte) []byte {
	t.Helper()
	var records []Record
	for _, w := range works {
		records = append(records, Record{Work: ID{w}, Content: Hash{w}, State: 9, Deciding: int64(w), Body: Hash{1}})
	}
	m, _, err := WriteManifest(records)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// FuzzManifest: a manifest that is read is the one that would be written from its records, to the
// byte, and leads to the same root.
func FuzzManifest(f *testing.F) {
	f.Add(manifestOf(f, 1, 2, 200))
	f.Add([]byte{})
	f.Add([]byte{0, 1, 0xa0})
	f.Add([]byte{0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		var records []Record
		root, err := ReadManifest(data, func(r *Record, _ []byte) error {
			records = append(records, *r)
			return nil
		})
		if err != nil {
			if loam.KindOf(err) != loam.Invalid {
				t.Fatalf("refused as %v", err)
			}
			return
		}
		again, same, err := WriteManifest(records)
		if err != nil || same != root || !bytes.Equal(again, data) {
			t.Fatalf("written again it differs: %v", err)
		}
	})
}

// FuzzExtract: whatever an extract says, checking it neither panics nor proves a work to be in a
// manifest that has it not.
func FuzzExtract(f *testing.F) {
	log := merkletest.New(f, "loam/test", 1)
	log.Append(f, []byte("x"))
	log.Publish(f)
	manifest := manifestOf(f, 10, 20, 30)
	e, err := NewExtract(log.Receipt(f, 0, 1), manifest, []ID{{10}, {11}, {1}, {255}})
	if err != nil {
		f.Fatal(err)
	}
	raw, err := json.Marshal(e)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"works":[{"work":"","gap":{"left":{},"right":{}}},{"work":"zz"}]}`))
	root, err := ReadManifest(manifest, func(*Record, []byte) error { return nil })
	if err != nil {
		f.Fatal(err)
	}
	held := map[string]bool{ID{10}.String(): true, ID{20}.String(): true, ID{30}.String(): true}
	f.Fuzz(func(t *testing.T, data []byte) {
		var e Extract
		if json.Unmarshal(data, &e) != nil {
			return
		}
		for i := range e.Works {
			if in, err := e.Works[i].Check(root); err == nil && in != held[e.Works[i].Work] {
				t.Fatalf("%s: in the manifest %v", e.Works[i].Work, in)
			}
		}
	})
}

// TestExtract: for any manifest and any works, each is proven to be in it or not, as it is.
func TestExtract(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.Byte(), 0, 40, rapid.ID[byte]).Draw(t, "works")
		in := map[byte]bool{}
		var records []Record
		for w := range 256 {
			if bytes.IndexByte(ids, byte(w)) >= 0 && w > 0 {
				in[byte(w)] = true
				records = append(records, Record{Work: ID{byte(w)}, State: 1, Deciding: int64(w)})
			}
		}
		manifest, root, err := WriteManifest(records)
		if err != nil {
			t.Fatal(err)
		}
		var all []ID
		for w := 1; w < 256; w++ {
			all = append(all, ID{byte(w)})
		}
		e, err := NewExtract(merkle.Proof{Entry: []byte{1}}, manifest, all)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range all {
			s, there := e.Standing(w)
			if !there {
				t.Fatalf("nothing is said of %s", w)
			}
			if got, err := s.Check(root); err != nil || got != in[w[0]] {
				t.Fatalf("%s: in it %v, %v", w, got, err)
			}
			other := root
			other[0] ^= 1
			if _, err := s.Check(other); err == nil {
				t.Fatalf("%s holds for another manifest", w)
			}
		}
	})
}

// TestManifestOrder: records out of order, twice, or of no work are refused.
func TestManifestOrder(t *testing.T) {
	t.Parallel()
	for _, works := range [][]byte{{2, 1}, {1, 1}, {0}} {
		var records []Record
		for _, w := range works {
			records = append(records, Record{Work: ID{w}, State: 1, Deciding: 1})
		}
		if _, _, err := WriteManifest(records); loam.CodeOf(err) != "log.unsorted" {
			t.Errorf("%v: %v", works, err)
		}
	}
}
