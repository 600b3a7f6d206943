package c2pa

import (
	"bytes"
	"testing"

	"loam/internal/media"
)

// TestKeptByRS: a picture that came in with Content Credentials is stored without them, and what
// is published of it names them as its origin: c2pa-rs trusts it and sees both manifests; what
// was wrong with the first when it came in is on record.
func TestKeptByRS(t *testing.T) {
	t.Parallel()
	r := newRS(t)
	for _, name := range []string{"a.jpg", "a.png"} {
		made := map[string][]byte{"a.jpg": jpegOf(t, picture(160, 120)), "a.png": pngOf(t, picture(160, 120))}[name]
		first := sign(t, made, untitled(), r.Signer)
		for _, came := range [][]byte{first, spoil(name, first)} {
			kept, err := Keep(bytes.NewReader(came), r.Trust, r.Now)
			if err != nil || kept == nil {
				t.Fatalf("%s: kept %d bytes, %v", name, len(kept), err)
			}
			clean, err := media.Clean(first)
			if err != nil {
				t.Fatal(err)
			}
			out := sign(t, clean.Data, Claim{Generator: Agent{"loam", "1"}, Origin: kept, Then: []Action{{Action: ActionPublished}}}, r.Signer)
			v := r.read(r.write("out-"+name, out))[0]
			if v.State != "Trusted" || len(v.Manifests) != 2 {
				t.Errorf("%s: c2pa-rs says %s of %d manifests: %v", name, v.State, len(v.Manifests), v.Failures)
			}
			ours := r.inspect(out)
			if ours.State != Trusted || len(ours.Manifests) != 2 || ours.Manifests[1].Actions[0].SourceType != SourceGenerated {
				t.Errorf("%s: %+v", name, ours)
			}
			if broken := bytes.Contains(kept, []byte(codeDataWrong)); broken == bytes.Equal(came, first) {
				t.Errorf("%s: that it had been changed is on record: %v", name, broken)
			}
		}
	}
}

// TestKeepNothing: no more is kept than how a file was made, and nothing of what cannot be
// followed.
func TestKeepNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	signed := sign(t, jpegOf(t, picture(80, 60)), untitled(), s.Signer)
	for name, b := range map[string][]byte{
		"a file's name":          sign(t, jpegOf(t, picture(80, 60)), generated(), s.Signer),
		"no manifest":            jpegOf(t, picture(80, 60)),
		"not a picture":          []byte("words"),
		"where it was taken":     bytes.ReplaceAll(signed, []byte("c2pa.ai-disclosure"), []byte("stds.exif-location")),
		"a place among actions":  bytes.ReplaceAll(signed, []byte("digitalSourceType"), []byte("exif:GPSLatitudes")),
		"a place in a program":   bytes.ReplaceAll(signed, []byte("gversion"), []byte("ggps_lat")),
		"an assertion like ours": bytes.ReplaceAll(signed, []byte("c2pa.ai-disclosure"), []byte("c2pa.actions.homes")),
		"cut off in the store":   signed[:bytes.Index(signed, []byte("c2cl"))],
	} {
		if kept, err := Keep(bytes.NewReader(b), s.Trust, s.Now); kept != nil || err != nil {
			t.Errorf("%s: kept %d bytes, %v", name, len(kept), err)
		}
	}
	if kept, err := Keep(bytes.NewReader(signed), s.Trust, s.Now); kept == nil || err != nil {
		t.Errorf("the whole file: %d bytes, %v", len(kept), err)
	}
}

// TestPlain: only the boxes that every manifest has are handed on; who vouched for whom is not.
func TestPlain(t *testing.T) {
	t.Parallel()
	m, err := newModes()
	if err != nil {
		t.Fatal(err)
	}
	actions := &superbox{label: labelActions, holds: "cbor"}
	if actions.content, err = m.enc.Marshal(actionsForm{[]actionForm{{Action: ActionPublished}}}); err != nil {
		t.Fatal(err)
	}
	thumbnail := &superbox{label: "c2pa.thumbnail.claim", body: []byte("\xff\xd8\xff\xe1\x00\x0aExif\x00\x00\xff\xd9")}
	for _, tt := range []struct {
		name   string
		in     []*superbox
		beside string
		want   bool
	}{
		{"as it is", []*superbox{actions}, "", true},
		{"persons beside", []*superbox{actions}, "c2pa.credentials", false},
		{"data beside", []*superbox{actions}, "c2pa.databoxes", false},
		{"twice", []*superbox{actions}, labelAssertions, false},
		{"a picture with EXIF", []*superbox{actions, thumbnail}, "", false},
	} {
		boxes := []*superbox{{label: labelAssertions, boxes: tt.in}, {label: labelClaim, content: []byte{0xa0}}, {label: labelSignature}}
		if tt.beside != "" {
			boxes = append(boxes, &superbox{label: tt.beside})
		}
		if got := m.plain(&superbox{boxes: []*superbox{{boxes: boxes}}}); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// FuzzKeep: whatever manifests a file brings, what is kept of them can be named as the origin of
// another, whose own manifest is sound.
func FuzzKeep(f *testing.F) {
	s := setup(f)
	once := sign(f, webpOf(40), untitled(), s.Signer)
	f.Add(storeOf(f, once))
	f.Add(storeOf(f, sign(f, once, Claim{Generator: Agent{Name: "loam"}}, s.Signer)))
	f.Fuzz(func(t *testing.T, store []byte) {
		if len(store) == 0 {
			return
		}
		m, err := media.Manifest(bytes.NewReader(webpOf(40)))
		if err != nil {
			t.Fatal(err)
		}
		e, _, err := m.Put(store)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := Keep(e, s.Trust, day)
		if err != nil {
			t.Fatal(err)
		}
		if kept == nil {
			return
		}
		out := sign(t, webpOf(40), Claim{Generator: Agent{Name: "loam"}, Origin: kept, Then: []Action{{Action: ActionPublished}}}, s.Signer)
		r, err := Inspect(bytes.NewReader(out), s.Trust, day)
		if err != nil || r.State != Trusted {
			t.Fatalf("%+v, %v", r, err)
		}
	})
}

// untitled is what generated claims, of a file without a name.
func untitled() Claim {
	c := generated()
	c.Title = ""
	return c
}
