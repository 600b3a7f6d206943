package takeout

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/media"
)

// made is a store with one work of one version that shows one picture.
type made struct {
	works       []loam.ArchivedWork
	blobs       map[string][]byte
	protections []loam.ArchivedProtection
}

func (m made) EachArchived(_ context.Context, _ string, f func(loam.ArchivedWork) error) error {
	for _, w := range m.works {
		if err := f(w); err != nil {
			return err
		}
	}
	return nil
}

func (m made) ArchivedAssets(context.Context, string) ([]loam.ArchivedAsset, error) { return nil, nil }

func (m made) ArchivedLeaves(context.Context, string) ([]loam.ArchivedLeaf, error) { return nil, nil }

func (m made) ArchivedProtections(context.Context, string) ([]loam.ArchivedProtection, error) {
	return m.protections, nil
}

func (m made) Evidence(context.Context, string) ([]string, error) { return nil, nil }

func (m made) ArchivedBlob(_ context.Context, hash string) (loam.ArchivedBlob, error) {
	if m.blobs[hash] == nil {
		return loam.ArchivedBlob{}, loam.Fail(loam.NotFound, "blob.not_found")
	}
	return loam.ArchivedBlob{Hash: hash, Type: "image/png", Size: int64(len(m.blobs[hash]))}, nil
}

// house takes in what it is given.
type house struct {
	works []loam.ArchivedWork
	blobs map[string][]byte
	got   loam.Arrival
}

func (h *house) Arrive(_ context.Context, a loam.Arrival) (loam.Account, error) {
	h.got = a
	return a.Account, a.Works(func(w loam.ArchivedWork) error {
		h.works = append(h.works, w)
		return nil
	})
}

func (h *house) Put(b []byte) (string, error) {
	h.blobs[hashOf(b)] = b
	return hashOf(b), nil
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func something(t testing.TB) made {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	const work, version = "06h1pg4cw1tn36zv21631pregm", "06h1pg4cw1tn36zv21631pregn"
	c := loam.Content{Work: work, Number: 1, Title: "湖边", Assets: []loam.AssetRef{{Field: "picture.1", Hash: hashOf(b.Bytes()), Type: "image/png", Width: 3, Height: 2}}}
	hash, err := loam.VersionHash(c)
	if err != nil {
		t.Fatal(err)
	}
	return made{
		works: []loam.ArchivedWork{{ID: work, Key: "k", Revision: 1, Draft: &loam.Draft{Idea: "湖边"}, Versions: []loam.Version{{ID: version, Work: work, Number: 1, Hash: hash, Content: c}}}},
		blobs: map[string][]byte{hashOf(b.Bytes()): b.Bytes()},
		protections: []loam.ArchivedProtection{
			{
				Protection: loam.Protection{ID: version[:25] + "p", Kind: loam.ProtectCharacter, Name: "团团兔", Aliases: []string{}, By: loam.BySubject, State: loam.ProtectionRegistered},
				Files: []loam.ArchivedProof{{
					Proof:   loam.Proof{ID: version[:25] + "q", Name: "兔.png", Holder: "画师", Digest: hashOf([]byte("sent")), Type: "image/png", Facts: map[string]string{}},
					Picture: hashOf(b.Bytes()), PDQ: "of another picture", Sound: "of another sound",
				}},
			},
			{Protection: loam.Protection{ID: version[:25] + "r", Kind: loam.ProtectVoice, By: loam.BySubject, State: loam.ProtectionWithdrawn}},
		},
	}
}

func written(t testing.TB, m made) []byte {
	t.Helper()
	var out bytes.Buffer
	s := Source{Store: m, Read: func(hash string) ([]byte, error) { return m.blobs[hash], nil }, Now: 7}
	if err := s.Write(context.Background(), &out, loam.Account{ID: "a", Handle: "ann"}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func taken(b []byte) (*house, error) {
	a, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	h := &house{blobs: map[string][]byte{}}
	_, err = a.Import(context.Background(), h, h, "hash")
	return h, err
}

// TestRound: what is taken in is what was written.
func TestRound(t *testing.T) {
	t.Parallel()
	m := something(t)
	h, err := taken(written(t, m))
	if err != nil || len(h.works) != 1 || h.works[0].Versions[0].Hash != m.works[0].Versions[0].Hash || h.works[0].Draft.Idea != "湖边" || h.got.Account.Handle != "ann" || h.got.Password != "hash" {
		t.Fatalf("%+v, %v", h, err)
	}
	for hash, b := range m.blobs {
		if !bytes.Equal(h.blobs[hash], b) {
			t.Error("a blob is another")
		}
	}
	img, _, err := media.Decode(m.blobs[m.protections[0].Files[0].Picture])
	if err != nil {
		t.Fatal(err)
	}
	want := m.protections[0]
	want.Files = slices.Clone(want.Files) // what they are compared by is their own, whatever the archive says
	want.Files[0].PDQ, want.Files[0].Sound = media.PDQOf(img).String(), ""
	if diff := cmp.Diff([]loam.ArchivedProtection{want}, h.got.Protections); diff != "" {
		t.Errorf("protections: %s", diff)
	}
}

// TestFirstVersion: an archive from before protections were in it is taken in.
func TestFirstVersion(t *testing.T) {
	t.Parallel()
	old := slices.DeleteFunc(open(t, written(t, something(t))), func(f file) bool { return f.name == shieldsPart })
	if h, err := taken(old.bytes(t, func(m *Manifest) { m.Version = 1 })); err != nil || len(h.works) != 1 || len(h.got.Protections) != 0 {
		t.Errorf("%+v, %v", h, err)
	}
}

// parts are an archive's parts in their order; the manifest is made anew from what they are.
type parts []file

type file struct {
	name, typ string
	data      []byte
	method    uint16
}

func open(t *testing.T, b []byte) (out parts) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name != manifestPart {
			out = append(out, file{f.Name, "image/png", data, zip.Store})
		}
	}
	return out
}

func (p parts) bytes(t *testing.T, change func(*Manifest)) []byte {
	t.Helper()
	m := Manifest{Version: version, Handle: "ann"}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	put := func(f file) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: f.method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range p {
		put(f)
		m.Files = append(m.Files, Entry{f.name, hashOf(f.data), int64(len(f.data)), f.typ})
	}
	if change != nil {
		change(&m)
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	put(file{name: manifestPart, data: b})
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestHostile: a file nobody exported is refused before anything of it arrives.
func TestHostile(t *testing.T) {
	t.Parallel()
	good := written(t, something(t))
	if _, err := taken(open(t, good).bytes(t, nil)); err != nil {
		t.Fatal(err)
	}
	swapped := func(name string, f func(*file)) []byte {
		p := open(t, good)
		i := slices.IndexFunc(p, func(f file) bool { return strings.HasPrefix(f.name, name) })
		f(&p[i])
		return p.bytes(t, nil)
	}
	more := func(f file) []byte { return append(open(t, good), f).bytes(t, nil) }
	flipped := bytes.Clone(good)
	flipped[bytes.Index(flipped, []byte("湖边"))] ^= 1
	html := []byte("<script>alert(1)</script>")
	for name, b := range map[string][]byte{
		"nothing":              nil,
		"no archive":           []byte("PK\x05\x06 and words"),
		"half":                 good[:len(good)/2],
		"a changed byte":       flipped,
		"a path":               more(file{name: "../../etc/passwd", data: []byte("x")}),
		"a path with a hash":   more(file{name: "blobs/../" + hashOf(nil), data: nil}),
		"a blob of upper case": more(file{name: "blobs/" + strings.ToUpper(hashOf([]byte("x"))), data: []byte("x")}),
		"a bomb":               more(file{name: "blobs/" + hashOf(make([]byte, 1<<20)), typ: "image/png", data: make([]byte, 1<<20), method: zip.Deflate}),
		"a part twice":         append(open(t, good), open(t, good)[0]).bytes(t, nil),
		"a page as a picture":  more(file{name: "blobs/" + hashOf(html), typ: "image/png", data: html}),
		"a page as a page":     more(file{name: "blobs/" + hashOf(html), typ: "text/html", data: html}),
		"a blob of other name": more(file{name: "blobs/" + hashOf([]byte("x")), typ: "text/markdown", data: []byte("y")}),
		"no works":             open(t, good)[1:].bytes(t, nil),
		"a work of no name": swapped(worksPart, func(f *file) {
			f.data = bytes.Replace(f.data, []byte("06h1pg4cw1tn36zv21631pregm"), []byte("../h1pg4cw1tn36zv21631pregm"), 1)
		}),
		"words changed": swapped(worksPart, func(f *file) {
			f.data = bytes.Replace(f.data, []byte(`"title":"湖边"`), []byte(`"title":"海边"`), 1)
		}),
		"a key nobody knows":  swapped(worksPart, func(f *file) { f.data = bytes.Replace(f.data, []byte(`{"id"`), []byte(`{"x":1,"id"`), 1) }),
		"a line without end":  swapped(worksPart, func(f *file) { f.data = bytes.Repeat([]byte("["), maxLine+10) }),
		"a later version":     open(t, good).bytes(t, func(m *Manifest) { m.Version = version + 1 }),
		"no protections":      slices.DeleteFunc(open(t, good), func(f file) bool { return f.name == shieldsPart }).bytes(t, nil),
		"a kind nobody knows": swapped(shieldsPart, func(f *file) { f.data = bytes.Replace(f.data, []byte(`"character"`), []byte(`"planet"`), 1) }),
		"a picture that is not there": swapped(shieldsPart, func(f *file) {
			f.data = bytes.Replace(f.data, []byte(`"picture":"`), []byte(`"picture":"`+strings.Repeat("0", 64)+`","x":"`), 1)
		}),
		"a name that is too long": swapped(shieldsPart, func(f *file) {
			f.data = bytes.Replace(f.data, []byte("团团兔"), []byte(strings.Repeat("兔", 41)), 1)
		}),
		"a name of one letter": swapped(shieldsPart, func(f *file) { f.data = bytes.Replace(f.data, []byte("团团兔"), []byte("的"), 1) }),
		"a name that turns":    swapped(shieldsPart, func(f *file) { f.data = bytes.Replace(f.data, []byte("团团兔"), []byte("团团\u202e兔"), 1) }),
		"a revision without end": swapped(worksPart, func(f *file) {
			f.data = regexp.MustCompile(`"revision":\d+`).ReplaceAll(f.data, []byte(`"revision":9223372036854775807`))
		}),
		"a time without end": swapped(worksPart, func(f *file) {
			f.data = regexp.MustCompile(`"updated":\d+`).ReplaceAll(f.data, []byte(`"updated":9223372036854775807`))
		}),
		"a letter that is none": swapped(worksPart, func(f *file) {
			f.data = regexp.MustCompile(`"key":"`).ReplaceAll(f.data, []byte(`"key":"\u0000`))
		}),
		"a negative length":  open(t, good).bytes(t, func(m *Manifest) { m.Files[0].Size = -1 }),
		"less than there is": open(t, good).bytes(t, func(m *Manifest) { m.Files = m.Files[1:] }),
		"a part named twice": open(t, good).bytes(t, func(m *Manifest) { m.Files[1] = m.Files[0] }),
		"many parts":         many(t, MaxParts+2),
		"a million parts":    many(t, 1_000_000),
	} {
		h, err := taken(b)
		if loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if h != nil && len(h.works) > 0 {
			t.Errorf("%s: a work arrived", name)
		}
	}
}

// many is an archive of empty parts.
func many(t *testing.T, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := range n {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("blobs/%064x", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// FuzzOpen: whatever is opened and taken in is refused or whole, and never a panic.
func FuzzOpen(f *testing.F) {
	f.Add(written(f, something(f)))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := taken(b)
		if err != nil {
			if loam.KindOf(err) != loam.Invalid {
				t.Fatal(err)
			}
			return
		}
		for _, w := range h.works {
			for _, v := range w.Versions {
				if hash, err := loam.VersionHash(v.Content); err != nil || hash != v.Hash {
					t.Fatalf("a version of another hash: %v", err)
				}
			}
		}
	})
}
