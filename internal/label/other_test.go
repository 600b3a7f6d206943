package label

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"loam"
	"loam/internal/media"
)

// wav is a moment of silence.
func wav() []byte {
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x08\x00\x00\x00")
	b = append(b, make([]byte, 8)...)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

// TestPage: a page's visible label stands in its body, once, beside its implicit one.
func TestPage(t *testing.T) {
	t.Parallel()
	page := []byte("<!doctype html><html><head><title>湖边</title></head><body><h1>湖边</h1></body></html>\n")
	o := options(loam.IsAI)
	o.Draw = pen()
	first, mark, err := File(page, o)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "label", mark, only(t, "page", first))
	text := string(first)
	if i, j := strings.Index(text, Words), strings.Index(text, "<h1>"); i < strings.Index(text, "<body>") || i > j || !strings.HasSuffix(text, "</html>\n") {
		t.Errorf("the words stand elsewhere: %s", text)
	}
	again, _, err := File(first, o)
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("written twice: %v\n%s", err, again)
	}
}

// TestOtherContainers: what this package cannot decode is labelled as the plan says, and a
// visible label that cannot be drawn is an error.
func TestOtherContainers(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{"sound": wav(), "page": []byte("<!doctype html><title>一</title><p>b")} {
		out, mark, err := File(b, options(loam.IsAI))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		diff(t, name, mark, only(t, name, out))
	}
	o := options(loam.IsAI)
	o.Draw = pen()
	for name, b := range map[string][]byte{"a sound": wav(), "a GIF": []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")} {
		_, _, err := File(b, o)
		wantCode(t, name+" that is to be seen", err, loam.Invalid, "label.invisible")
	}
	o.Type = media.Markdown
	out, _, err := File([]byte("<!doctype html>\n是网页的开头\n"), o)
	if err != nil || !bytes.HasSuffix(out, []byte("\n\n"+Words+"\n")) {
		t.Errorf("words that look like a page: %s, %v", out, err)
	}
}

// TestSamePage: of a page nothing but the label may differ once it is written.
func TestSamePage(t *testing.T) {
	t.Parallel()
	page := []byte("<!doctype html><html><head><title>湖边</title></head><body><h1>湖边</h1></body></html>\n")
	out, _, err := File(page, options(loam.IsAI))
	if err != nil || !sameContent(page, out) {
		t.Fatalf("a page as it was is another: %v", err)
	}
	if other := bytes.Replace(out, []byte("<h1>湖边"), []byte("<h1>山"), 1); sameContent(page, other) {
		t.Error("other words are the same page")
	}
}
