package label

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"testing"
	"time"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/media"
)

// mp4 is the smallest film that has the form; nobody decodes it.
func mp4() []byte {
	box := func(kind string, body []byte) []byte {
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), kind...), body...)
	}
	return bytes.Join([][]byte{
		box("ftyp", []byte("isom\x00\x00\x02\x00isommp41")), box("moov", box("mvhd", make([]byte, 100))), box("mdat", make([]byte, 30)),
	}, nil)
}

// signing is a manifest of a file that was made here as a term says.
func signing(t *testing.T, term string) *Manifest {
	t.Helper()
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	authority, err := c2pa.NewAuthority(rand.Reader, now, "test")
	if err != nil {
		t.Fatal(err)
	}
	leaf, key, err := authority.Leaf(rand.Reader, now)
	if err != nil {
		t.Fatal(err)
	}
	agent := c2pa.Agent{Name: "test"}
	return &Manifest{
		Signer: c2pa.Signer{Chain: []*x509.Certificate{leaf, authority.Root}, Key: key, Rand: rand.Reader, Now: now, Trust: c2pa.NewTrust(authority.Root)},
		Claim:  c2pa.Claim{Generator: agent, Agent: agent, Created: true, SourceType: media.SourceURI + term},
	}
}

// TestSourceInManifest: a film has no other place for a source type than its manifest, and
// says it there; without a manifest, or by a term that a writer may not state, it is refused.
func TestSourceInManifest(t *testing.T) {
	t.Parallel()
	const term = "trainedAlgorithmicMedia"
	o := options(loam.IsAI)
	o.Source, o.Manifest = term, signing(t, term)
	for name, in := range map[string][]byte{"film": mp4(), "picture": pngOf(t, colours(40, 40))} {
		out, mark, err := File(in, o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		diff(t, name, mark, only(t, name, out))
		if m := reportOf(t, out, Known{Trust: o.Manifest.Signer.Trust, Now: o.Manifest.Signer.Now})[KindManifest]; m.Says != term || m.Signature != SignedTrusted {
			t.Errorf("%s: the manifest is %+v", name, m)
		}
	}
	if _, _, err := Plan(bytes.NewReader(mp4()), o); err != nil {
		t.Errorf("planned: %v", err)
	}
	for name, change := range map[string]func(*Options){
		"no manifest":            func(o *Options) { o.Manifest = nil },
		"a manifest of another":  func(o *Options) { o.Manifest = signing(t, "algorithmicallyEnhanced") },
		"a term nobody may say":  func(o *Options) { o.Source, o.Manifest = "digitalCapture", signing(t, "digitalCapture") },
		"a manifest that opened": func(o *Options) { m := *o.Manifest; m.Claim.Created = false; o.Manifest = &m },
	} {
		refused := o
		change(&refused)
		_, _, err := File(mp4(), refused)
		wantCode(t, name, err, loam.Invalid, "label.source")
	}
}
