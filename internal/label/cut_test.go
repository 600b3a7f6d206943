package label

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/c2pa"
)

// TestCut: a file whose content breaks off is told to be cut, with the label before that, and
// is not labelled; one that never knew its own length is whole.
func TestCut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in  []byte
		cut int // bytes that are missing
	}{
		"picture in scans":        {jpegOf(t, colours(64, 64)), 40},
		"picture without its end": {jpegOf(t, colours(64, 64)), 2},
		"PNG in its pixels":       {pngOf(t, colours(64, 64)), 40},
		"PNG without its end":     {pngOf(t, colours(64, 64)), 12},
		"film":                    {mp4(), 5},
	} {
		labelled, _, err := File(c.in, options(loam.IsAI))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		broken := labelled[:len(labelled)-c.cut]
		r, err := Check(t.Context(), bytes.NewReader(broken), Known{})
		if err != nil || r.Cut == nil || r.State != loam.IsAI {
			t.Errorf("%s: inspected as %+v, %v", name, r, err)
		}
		bare := c.in[:len(c.in)-c.cut]
		if r, err := Check(t.Context(), bytes.NewReader(bare), Known{}); err != nil || r.Cut == nil || r.State != loam.NotAI || len(r.Marks) != 0 {
			t.Errorf("%s: without a mark inspected as %+v, %v", name, r, err)
		}
		for what, in := range map[string][]byte{"labelled": broken, "bare": bare} {
			if _, _, err := Plan(bytes.NewReader(in), options(loam.IsAI)); loam.KindOf(err) != loam.Invalid {
				t.Errorf("%s, %s: written, %v", name, what, err)
			}
		}
	}
	short := wav()
	binary.LittleEndian.PutUint32(short[40:], 1<<20)
	if _, _, err := Plan(bytes.NewReader(short), options(loam.IsAI)); loam.CodeOf(err) != "media.broken" {
		t.Errorf("a sound shorter than its header: %v", err)
	}
	live := wav()
	binary.LittleEndian.PutUint32(live[4:], 1<<32-1)
	binary.LittleEndian.PutUint32(live[40:], 1<<32-1)
	if e, _, err := Plan(bytes.NewReader(live), options(loam.IsAI)); err != nil {
		t.Errorf("a live recording: %v", err)
	} else if r, err := Check(t.Context(), e, Known{}); err != nil || r.Cut != nil || r.State != loam.IsAI {
		t.Errorf("a live recording: inspected as %+v, %v", r, err)
	}
	photo := append(jpegOf(t, colours(64, 64)), make([]byte, 5000)...)
	if _, _, err := Plan(bytes.NewReader(photo), options(loam.IsAI)); err != nil {
		t.Errorf("a photo with more behind its end: %v", err)
	}
}

// TestCutCredentials: what somebody signed before the break is told with who she was; the file
// is not the one she signed.
func TestCutCredentials(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	signer, agent := signerAt(t, now), c2pa.Agent{Name: "Loam"}
	for name, in := range map[string][]byte{"jpeg": jpegOf(t, colours(64, 64)), "png": pngOf(t, colours(64, 64)), "mp4": mp4()} {
		o := options(loam.IsAI)
		o.Manifest = &Manifest{Signer: signer, Claim: c2pa.Claim{Generator: agent, Created: true, SourceType: c2pa.SourceGenerated, Agent: agent}}
		e, _, err := Plan(bytes.NewReader(in), o)
		if err != nil {
			t.Fatal(err)
		}
		b, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		r, err := Check(t.Context(), bytes.NewReader(b[:len(b)-5]), Known{Trust: signer.Trust, Now: now})
		if err != nil || r.Cut == nil || r.State != loam.IsAI || len(r.Marks) == 0 {
			t.Errorf("%s: %+v, %v", name, r, err)
			continue
		}
		m := r.Marks[len(r.Marks)-1]
		wrong := slices.ContainsFunc(m.Defects, func(f Fault) bool { return strings.HasSuffix(f.Code, "Hash.mismatch") })
		if m.Kind != KindManifest || m.Signature != SignedInvalid || m.Signer == "" || m.Producer != "Loam" || !wrong || len(m.Defects) != 1 {
			t.Errorf("%s: %+v", name, m)
		}
	}
}
