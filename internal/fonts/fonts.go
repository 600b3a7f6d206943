// Package fonts holds the typefaces Loam draws with: a Chinese sans in two weights, a
// display serif, a round hand and colour emoji.
//
// It stands apart because the files are 40 MB, are not kept in git and must be the same
// everywhere: a cover drawn on any machine has the same pixels, so the system's fonts are
// never used. `make fonts` fetches them from pinned packages by SHA-256 (see List) and the
// build embeds them; without them everything still builds and Load says what to do.
//
// Invariant: a face is opened when it is first drawn with, outlines are read from the
// embedded bytes glyph by glyph, and only the emoji tables (11 MB) are ever copied to the
// heap.
package fonts

import (
	"embed"
	"io"
	"io/fs"
	"sync"

	"github.com/go-text/typesetting/font"
	"golang.org/x/image/font/sfnt"

	"loam"
)

//go:generate go run ./fetch

// all: takes the placeholder too, so that the pattern matches before the first fetch.
//
//go:embed all:files
var files embed.FS

// Name is a face of the set; its text is the embedded file's name.
type Name string

// The faces. Sans and Heavy cover all of GBK, kana, Latin, Greek and Cyrillic; Serif and
// Round cover GB 2312, so what they lack is drawn with Heavy or Sans.
const (
	Sans  Name = "sans.ttf"
	Heavy Name = "heavy.ttf"
	Serif Name = "serif.ttf"
	Round Name = "round.ttf"
	Emoji Name = "emoji.ttf"
)

// Set is the faces of one folder of font files. It is safe for concurrent use.
type Set struct {
	text  map[Name]func() (*sfnt.Font, error)
	emoji func() (*font.Font, error)
}

// Load opens the embedded set. It is Unavailable, "fonts.missing", in a build made
// before `make fonts`; nothing is parsed yet.
func Load() (*Set, error) {
	sub, err := fs.Sub(files, "files")
	if err != nil {
		return nil, missing(err)
	}
	return Open(sub)
}

// Open makes a set of the font files in a folder, which must have all five.
func Open(folder fs.FS) (*Set, error) {
	s := &Set{text: map[Name]func() (*sfnt.Font, error){}}
	for _, n := range []Name{Sans, Heavy, Serif, Round, Emoji} {
		if _, err := fs.Stat(folder, string(n)); err != nil {
			return nil, missing(err)
		}
		s.text[n] = sync.OnceValues(func() (*sfnt.Font, error) { return parse(folder, n) })
	}
	delete(s.text, Emoji)
	s.emoji = sync.OnceValues(func() (*font.Font, error) { return parseEmoji(folder) })
	return s, nil
}

// Text is a face with outlines; concurrent users need a sfnt.Buffer each.
func (s *Set) Text(n Name) (*sfnt.Font, error) {
	open, ok := s.text[n]
	if !ok {
		return nil, loam.Fail(loam.Internal, "fonts.unknown", n)
	}
	return open()
}

// Emoji is the bitmap face; concurrent users make a font.Face of it each.
func (s *Set) Emoji() (*font.Font, error) { return s.emoji() }

// Licences gives the licence text of each embedded font by file name, for the notices a
// distribution must carry (OFL 1.1, condition 2).
func Licences() (map[string]string, error) {
	out := map[string]string{}
	names, err := fs.Glob(files, "files/*.txt")
	if err != nil || len(names) == 0 {
		return nil, missing(err)
	}
	for _, n := range names {
		b, err := files.ReadFile(n)
		if err != nil {
			return nil, missing(err)
		}
		out[n[len("files/"):]] = string(b)
	}
	return out, nil
}

func parse(folder fs.FS, n Name) (*sfnt.Font, error) {
	f, err := open(folder, n)
	if err != nil {
		return nil, err
	}
	t, err := sfnt.ParseReaderAt(f)
	if err != nil {
		return nil, loam.Fail(loam.Internal, "fonts.broken", n).Because(err)
	}
	return t, nil
}

func parseEmoji(folder fs.FS) (*font.Font, error) {
	f, err := open(folder, Emoji)
	if err != nil {
		return nil, err
	}
	face, err := font.ParseTTF(f)
	if err != nil {
		return nil, loam.Fail(loam.Internal, "fonts.broken", Emoji).Because(err)
	}
	return face.Font, nil
}

// open gives a file that stays open for the life of the set: the embedded ones hold no
// resource.
func open(folder fs.FS, n Name) (resource, error) {
	f, err := folder.Open(string(n))
	if err != nil {
		return nil, missing(err)
	}
	r, ok := f.(resource)
	if !ok {
		return nil, loam.Fail(loam.Internal, "fonts.broken", n)
	}
	return r, nil
}

type resource interface {
	io.ReadSeeker
	io.ReaderAt
}

func missing(err error) error {
	return loam.Fail(loam.Unavailable, "fonts.missing", "make fonts").Because(err)
}
