package fonts

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"testing/fstest"

	"github.com/go-text/typesetting/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/encoding/simplifiedchinese"

	"loam"
)

// load gives the embedded set; `make test` fetches it first.
func load(t *testing.T) *Set {
	t.Helper()
	s, err := Load()
	if err != nil {
		t.Fatalf("%v: run `make fonts` first", err)
	}
	return s
}

func TestFilesAreThePinnedOnes(t *testing.T) {
	t.Parallel()
	load(t)
	total := 0
	for _, f := range List() {
		b, err := files.ReadFile("files/" + f.Name)
		if err != nil {
			t.Fatal(err)
		}
		total += len(b)
		sum := sha256.Sum256(b)
		if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
			t.Errorf("%s: SHA-256 got %s, want %s", f.Name, got, f.SHA256)
		}
	}
	if total > 45<<20 {
		t.Errorf("embedded %d bytes, want at most 45 MiB", total)
	}
}

func TestSansCoversGBK(t *testing.T) {
	t.Parallel()
	s := load(t)
	for _, n := range []Name{Sans, Heavy} {
		f, err := s.Text(n)
		if err != nil {
			t.Fatal(err)
		}
		if lacking := lacks(f, 0x81, 0x40); len(lacking) > 0 {
			t.Errorf("%s lacks %d characters of GBK, among them %q", n, len(lacking), lacking[0])
		}
	}
}

func TestDisplayFacesCoverGB2312(t *testing.T) {
	t.Parallel()
	s := load(t)
	for _, n := range []Name{Serif, Round} {
		f, err := s.Text(n)
		if err != nil {
			t.Fatal(err)
		}
		lacking := lacks(f, 0xb0, 0xa1)
		if len(lacking) > 0 {
			t.Errorf("%s lacks %d characters of GB 2312, among them %q", n, len(lacking), lacking[0])
		}
	}
}

// lacks lists the Han of the double-byte area from (lead, trail) on that f has no glyph for.
func lacks(f *sfnt.Font, lead, trail int) []rune {
	var buf sfnt.Buffer
	var out []rune
	for h := lead; h <= 0xf7; h++ {
		for l := trail; l <= 0xfe; l++ {
			s, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{byte(h), byte(l)})
			if err != nil {
				continue
			}
			for _, r := range string(s) {
				if r < 0x4e00 || r > 0x9fff {
					continue
				}
				if g, _ := f.GlyphIndex(&buf, r); g == 0 {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

func TestEmojiAreBitmaps(t *testing.T) {
	t.Parallel()
	e, err := load(t).Emoji()
	if err != nil {
		t.Fatal(err)
	}
	face := font.NewFace(e)
	for _, r := range []rune{'😀', '🥹', '🫶', '🩷', '✨', '❤', '⭐'} {
		g, ok := face.NominalGlyph(r)
		if !ok {
			t.Errorf("no glyph for %q", r)
			continue
		}
		if b, ok := face.GlyphData(g).(font.GlyphBitmap); !ok || b.Format != font.PNG {
			t.Errorf("%q is %T, want a PNG bitmap", r, face.GlyphData(g))
		}
	}
}

func TestMissingFilesSayWhatToDo(t *testing.T) {
	t.Parallel()
	_, err := Open(fstest.MapFS{".gitignore": {}})
	if loam.CodeOf(err) != "fonts.missing" || loam.KindOf(err) != loam.Unavailable {
		t.Errorf("got %v, want unavailable fonts.missing", err)
	}
}

func TestLicencesTravel(t *testing.T) {
	t.Parallel()
	load(t)
	l, err := Licences()
	if err != nil || len(l) != 4 {
		t.Fatalf("got %d licences, %v; want 4", len(l), err)
	}
}
