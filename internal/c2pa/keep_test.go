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
		first := sign(t, made, generated(), r.Signer)
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
	signed := sign(t, jpegOf(t, picture(80, 60)), generated(), s.Signer)
	for name, b := range map[string][]byte{
		"no manifest":          jpegOf(t, picture(80, 60)),
		"not a picture":        []byte("words"),
		"where it was taken":   bytes.ReplaceAll(signed, []byte("c2pa.ai-disclosure"), []byte("stds.exif-location")),
		"cut off in the store": signed[:bytes.Index(signed, []byte("c2cl"))],
	} {
		if kept, err := Keep(bytes.NewReader(b), s.Trust, s.Now); kept != nil || err != nil {
			t.Errorf("%s: kept %d bytes, %v", name, len(kept), err)
		}
	}
	if kept, err := Keep(bytes.NewReader(signed), s.Trust, s.Now); kept == nil || err != nil {
		t.Errorf("the whole file: %d bytes, %v", len(kept), err)
	}
}
