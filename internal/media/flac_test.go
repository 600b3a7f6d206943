package media

import (
	"bytes"
	"strings"
	"testing"

	"loam"
)

// flacOf is a FLAC file of metadata blocks behind STREAMINFO, each its kind and its bytes,
// and two bytes that stand for sound.
func flacOf(blocks ...flacTestBlock) []byte {
	b := []byte("fLaC")
	b = append(append(b, flacHeader(0, 34, len(blocks) == 0)...), make([]byte, 34)...)
	for i, k := range blocks {
		b = append(append(b, flacHeader(k.kind, len(k.data), i == len(blocks)-1)...), k.data...)
	}
	return append(b, 0xff, 0xf8)
}

type flacTestBlock struct {
	kind byte
	data []byte
}

// commentsOf is a comment block.
func commentsOf(list ...string) []byte {
	b := appendCounted(nil, []byte("a vendor"))
	b = append(b, byte(len(list)), 0, 0, 0)
	for _, s := range list {
		b = appendCounted(b, []byte(s))
	}
	return b
}

func flacs() map[string][]byte {
	pad := flacTestBlock{flacPadding, make([]byte, 600)}
	app := flacTestBlock{2, []byte("appldata")}
	labelled := flacTestBlock{flacComment, commentsOf("TITLE=一", "AIGC="+strictJSON, "ARTIST=b")}
	return map[string][]byte{
		"bare":              flacOf(),
		"comments":          flacOf(flacTestBlock{flacComment, commentsOf("TITLE=一")}, app),
		"comments, padding": flacOf(flacTestBlock{flacComment, commentsOf("TITLE=一")}, app, pad),
		"labelled":          flacOf(labelled, pad),
		"lower case":        flacOf(app, flacTestBlock{flacComment, commentsOf("aigc=" + strictJSON)}),
		"two":               flacOf(flacTestBlock{flacComment, commentsOf("AIGC="+strictJSON, "Aigc={}")}),
		"two blocks":        flacOf(labelled, flacTestBlock{flacComment, commentsOf("X-AIGC=" + strictJSON)}, pad),
		"a tag before":      append(id3Of(3, 0, frameOf(3, "TXXX", []byte("\x00AIGC\x00"+strictJSON))), flacOf(labelled)...),
	}
}

func TestFLAC(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"labelled": {"flac.comment"}, "lower case": {"flac.comment"},
		"two":          {"flac.comment duplicate", "flac.comment missing_key label_value duplicate"},
		"two blocks":   {"flac.comment duplicate", "flac.comment name duplicate"},
		"a tag before": {"mp3.TXXX duplicate", "flac.comment duplicate"},
	}
	for name, in := range flacs() {
		reads(t, name, in, want[name]...)
		out := onlyLabel(t, name, in)
		if !bytes.HasSuffix(out, []byte{0xff, 0xf8}) {
			t.Errorf("%s: the sound changed", name)
		}
		for _, kept := range []string{"TITLE=一", "ARTIST=b", "appldata", "a vendor"} {
			if bytes.Contains(in, []byte(kept)) != bytes.Contains(out, []byte(kept)) {
				t.Errorf("%s: %q is gone", name, kept)
			}
		}
		if strings.Contains(name, "padding") && len(out) != len(in) {
			t.Errorf("%s: %d bytes, want %d: the padding had room", name, len(out), len(in))
		}
	}
}

func TestFLACBroken(t *testing.T) {
	t.Parallel()
	good := flacs()["labelled"]
	for name, c := range map[string]struct {
		in    []byte
		found int
	}{
		"cut in a block":     {good[:60], 0},
		"cut behind a label": {good[:len(good)-100], 1},
		"not STREAMINFO":     {append([]byte("fLaC"), flacHeader(flacPadding, 0, true)...), 0},
		"a lying comment":    {flacOf(flacTestBlock{flacComment, []byte("\x00\x00\x00\x00\xff\xff\xff\x7f")}), 0},
	} {
		_, found, err := Marks(bytes.NewReader(c.in))
		if loam.KindOf(err) != loam.Invalid || len(found) != c.found {
			t.Errorf("%s: %d found, %v", name, len(found), err)
		}
		if _, err := Plan(bytes.NewReader(c.in), strictMark()); loam.KindOf(err) != loam.Invalid {
			t.Errorf("%s: Plan: %v", name, err)
		}
	}
	full := flacOf(flacTestBlock{flacComment, commentsOf("A=" + strings.Repeat("x", maxFLACBlock-100))})
	if _, err := Plan(bytes.NewReader(full), strictMark()); loam.CodeOf(err) != "label.no_room" {
		t.Errorf("a full block: %v", err)
	}
}

func FuzzFLAC(f *testing.F) {
	for _, b := range flacs() {
		f.Add(b)
	}
	f.Fuzz(neverPanics)
}
