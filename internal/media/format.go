package media

import (
	"bytes"
	"math"
	"slices"
	"unicode/utf8"

	"loam"
)

// The containers that carry an AI mark beside the four pictures a note may hold.
const (
	TIFF     Type = "image/tiff"
	HEIF     Type = "image/heif"
	AVIF     Type = "image/avif"
	MP4      Type = "video/mp4" // also MOV and M4A: one family of boxes
	Matroska Type = "video/x-matroska"
	AVI      Type = "video/x-msvideo"
	FLV      Type = "video/x-flv"
	WAV      Type = "audio/wav"
	MP3      Type = "audio/mpeg"
	FLAC     Type = "audio/flac"
	OGG      Type = "audio/ogg"
	PDF      Type = "application/pdf"
	OOXML    Type = "application/vnd.openxmlformats-officedocument"
	HTML     Type = "text/html"
	Markdown Type = "text/markdown" // and plain text
)

// format is one container: how its marks are found, and how one is written.
type format struct {
	typ Type
	// is reports whether a file begins like this container; head is its first 4 KiB.
	is func(head []byte, src Source) bool
	// find finds every AI mark, wherever and however dirty it stands. A file it cannot
	// follow gives what was found up to there and the error.
	find func(src Source) ([]Found, error)
	// put plans the file with this label as its only one and everything else as it was; nil
	// where the container is only read.
	put func(src Source, m loam.Mark, raw string) (*Edit, error)
}

// formats are the containers in the order in which they are tried; text comes last, since
// any bytes may be text.
func formats() []format {
	return []format{
		{JPEG, starts("\xff\xd8\xff"), jpegMarks, jpegLabel},
		{PNG, starts(string(pngMagic)), pngMarks, pngLabel},
		{WebP, riff("WEBP"), webpMarks, webpLabel},
		{GIF, starts("GIF8"), inMemory(gifMarks), gifLabel},
		{TIFF, tiffIs, tiffMarks, tiffLabel},
		{HEIF, isHEIF, heifMarks, nil},
		{AVIF, isAVIF, heifMarks, nil},
		{MP4, isMP4, mp4Marks, mp4Put},
		{Matroska, isMatroska, matroskaMarks, matroskaPut},
		{AVI, riff("AVI "), riffMarks, nil},
		{FLV, starts("FLV\x01"), flvMarks, nil},
		{WAV, riff("WAVE"), riffMarks, wavPut},
		{FLAC, func(_ []byte, src Source) bool { return flacStart(src) >= 0 }, flacMarks, flacPut},
		{MP3, mp3Is, mp3Marks, mp3Put},
		{OGG, starts("OggS"), oggMarks, oggPut},
		{PDF, pdfIs, pdfMarks, pdfPut},
		{OOXML, ooxmlIs, ooxmlMarks, ooxmlPut},
		{HTML, htmlIs, inMemory(htmlMarks), htmlPut},
		{Markdown, func(_ []byte, src Source) bool { return isTextSource(src) }, inMemory(func(b []byte) ([]Found, error) { return textMarks(b), nil }), textPut},
	}
}

// putSourced is how a container writes an IPTC source type together with its label, nil
// where it has no XMP to hold one.
func putSourced(t Type) func(src Source, raw, term string) (*Edit, error) {
	switch t {
	case JPEG:
		return jpegPut
	case PNG:
		return pngPut
	case WebP:
		return webpPut
	case GIF:
		return gifPut
	case TIFF:
		return tiffPut
	default:
		return nil
	}
}

// HoldsSource reports whether WithSource can be planned for a container.
func HoldsSource(t Type) bool { return putSourced(t) != nil }

// formatOf is the container of a file by its bytes, never by its name: Invalid,
// "file.type" if it is none of them.
func formatOf(src Source) (format, error) {
	head, err := read(src, 0, min(src.Size(), 4096))
	if err != nil {
		return format{}, err
	}
	for _, f := range formats() {
		if f.is(head, src) {
			return f, nil
		}
	}
	if src.Size() > MaxBytes && wordsOnly(head) {
		return format{}, loam.Fail(loam.TooLarge, "file.too_large", "40 MB")
	}
	return format{}, loam.Fail(loam.Invalid, "file.type")
}

// formatAs is the container that was named, or formatOf where none was.
func formatAs(t Type, src Source) (format, error) {
	if t == "" {
		return formatOf(src)
	}
	for _, f := range formats() {
		if f.typ == t {
			return f, nil
		}
	}
	return format{}, loam.Fail(loam.Invalid, "file.type")
}

// wordsOnly reports whether a file begins as a text does, its last character cut or not.
func wordsOnly(head []byte) bool {
	for range utf8.UTFMax {
		if utf8.Valid(head) {
			return !bytes.ContainsRune(head, 0)
		}
		head = head[:max(0, len(head)-1)]
	}
	return false
}

// Identify tells a file's container: Invalid, "file.type" if it is none that carries a mark.
func Identify(src Source) (Type, error) {
	f, err := formatOf(src)
	return f.typ, err
}

// Marks finds every AI mark of a file. The list is empty for a file without one, never an
// error; more than one label is itself a defect of each (GB 45438-2025, 6.1 c).
func Marks(src Source) (Type, []Found, error) {
	f, err := formatOf(src)
	if err != nil {
		return "", nil, err
	}
	found, err := f.find(src)
	return f.typ, single(found), err
}

// Option changes what Plan writes.
type Option func(*options)

type options struct {
	term string
	as   Type
}

// WithSource has Plan state the IPTC digital source type beside the label, in the place of
// any that was there. term is one of SourceTerms; another is Invalid, "label.source", and so
// is a container without XMP.
func WithSource(term string) Option { return func(o *options) { o.term = term } }

// As has Plan take the file for this container without looking at it: words a person wrote
// are Markdown, even if they begin as a page does. A container that is not known is Invalid,
// "file.type".
func As(t Type) Option { return func(o *options) { o.as = t } }

// Plan plans a file with this label as its only one; everything else stays byte for byte.
// A container that is only read is Invalid, "file.read_only". The caller reads back what it
// needs to be sure of.
func Plan(src Source, m loam.Mark, opts ...Option) (*Edit, error) {
	var o options
	for _, set := range opts {
		set(&o)
	}
	raw, err := encodeMark(m)
	if err != nil {
		return nil, err
	}
	f, err := formatAs(o.as, src)
	if err != nil {
		return nil, err
	}
	if f.put == nil {
		return nil, loam.Fail(loam.Invalid, "file.read_only", string(f.typ))
	}
	if o.term == "" {
		return f.put(src, m, raw)
	}
	put := putSourced(f.typ)
	if put == nil || !slices.Contains(SourceTerms(), o.term) {
		return nil, loam.Fail(loam.Invalid, "label.source", o.term, string(f.typ))
	}
	return put(src, raw, o.term)
}

// single notes on each label that there is more than one.
func single(found []Found) []Found {
	labels := 0
	for _, f := range found {
		if f.Kind == KindImplicit {
			labels++
		}
	}
	out := []Found{}
	for _, f := range found {
		if labels > 1 && f.Kind == KindImplicit {
			f.bad("duplicate")
		}
		out = append(out, f)
	}
	return out
}

func starts(magic string) func([]byte, Source) bool {
	return func(head []byte, _ Source) bool { return bytes.HasPrefix(head, []byte(magic)) }
}

// inMemory reads a container that is small enough to be held: pictures, texts.
func inMemory(find func([]byte) ([]Found, error)) func(Source) ([]Found, error) {
	return func(src Source) ([]Found, error) {
		b, err := whole(src)
		if err != nil {
			return nil, err
		}
		return find(b)
	}
}

func putInMemory(write func([]byte, string) ([]byte, error)) func(Source, loam.Mark, string) (*Edit, error) {
	return func(src Source, _ loam.Mark, raw string) (*Edit, error) {
		b, err := whole(src)
		if err != nil {
			return nil, err
		}
		out, err := write(b, raw)
		if err != nil {
			return nil, err
		}
		e := new(Edit)
		e.add(out)
		return e, nil
	}
}

func textPut(src Source, m loam.Mark, _ string) (*Edit, error) {
	return putInMemory(func(b []byte, _ string) ([]byte, error) { return textWrite(b, m) })(src, m, "")
}

// whole is a file in memory, up to MaxBytes: TooLarge, "file.too_large" beyond.
func whole(src Source) ([]byte, error) {
	if src.Size() > MaxBytes {
		return nil, loam.Fail(loam.TooLarge, "file.too_large", "40 MB")
	}
	return read(src, 0, min(src.Size(), math.MaxInt32))
}

func isTextSource(src Source) bool {
	b, err := whole(src)
	return err == nil && IsText(b)
}
