// Package label writes what the law asks for into what a model made: the visible words and
// the implicit label of GB 45438-2025, in pictures and texts, read back before anybody
// sees them.
//
// It stands apart because a missing or wrong label is a breach by the platform, whoever
// made the content: nothing leaves this stage unless the strict reader finds exactly the
// label that was meant, and writing it changes no pixel. A visible mark is drawn before: it
// changes no other pixel of a PNG, while a JPEG is encoded anew.
package label

import (
	"bytes"
	"cmp"
	"crypto"
	"image"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"loam"
	"loam/internal/integrity"
	"loam/internal/media"
	"loam/internal/render"
)

// Words are the visible label where the operator gave no others: both elements the standard
// asks for.
const Words = "内容由AI生成"

// maxWords bounds a visible label in characters: it is read at a glance.
const maxWords = 16

// CheckWords is Invalid, "label.words", unless a visible label has both elements of the
// standard, that it is AI and that it was generated, in either order (GB 45438-2025, 5.1 and
// 5.2), on one short line.
func CheckWords(s string) error {
	ai := strings.Contains(s, "人工智能") || strings.Contains(s, "AI")
	made := strings.Contains(s, "生成") || strings.Contains(s, "合成")
	if !ai || !made || utf8.RuneCountInString(s) > maxWords || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return loam.Fail(loam.Invalid, "label.words", maxWords)
	}
	return nil
}

// Options say what to write into one file. Producer is a 27-character code or a name in
// the Annex E charset; ContentID is the producer's number for this content.
type Options struct {
	State     loam.AIState
	Producer  string
	ContentID string
	Draw      *render.Renderer // draws the visible mark; nil writes the implicit label only
	Words     string           // of the visible mark; "" is Words
	Corner    render.Corner    // where it stands on a picture
	Unnamed   bool             // of a first write: who produced it is not known, and the producer's keys stay empty
	Seal      crypto.Signer    // Ed25519: signs who made what within the label; nil leaves that field empty
	Source    string           // IPTC digital source type, one of media.SourceTerms; "" states none
	Manifest  *Manifest        // what Content Credentials say beside the label; nil for none
	Type      media.Type       // the container, "" to tell it by its bytes
}

// File labels one file in memory and gives the new bytes and the label in them; a visible
// label goes on PNG, JPEG, a page or a text. A file
// that already has a producer's label keeps that producer's keys as they are; only the
// propagator's are written, and the state is never lowered (Labelling Measures Art. 10). A
// label that does not say who the producer is, or several that do not agree, is nobody's to
// repair: Invalid, "label.unclear". What cannot be read back is Internal, "label.mismatch".
func File(b []byte, o Options) ([]byte, loam.Mark, error) {
	found, err := media.Read(b)
	if err != nil {
		return nil, loam.Mark{}, err
	}
	mark, err := markFor(found, o)
	if err != nil {
		return nil, loam.Mark{}, err
	}
	marked := b
	if o.Draw != nil {
		if marked, err = visible(b, o); err != nil {
			return nil, mark, err
		}
	}
	out, err := media.Write(marked, mark, o.writing(bytes.NewReader(marked))...)
	if err != nil {
		return nil, mark, err
	}
	if out, err = o.credentials(out); err != nil {
		return nil, mark, err
	}
	if err := verify(marked, out, mark); err != nil {
		return nil, mark, err
	}
	return out, mark, nil
}

// markFor is the label a file is to carry, given what it carries already: the strongest
// state of all its marks, and the producer's keys of its label if it has one.
func markFor(found []media.Found, o Options) (loam.Mark, error) {
	if err := CheckProducer(o.Producer); err != nil {
		return loam.Mark{}, err
	}
	m := loam.Mark{
		Label: media.State(found).Stronger(o.State).Wire(), ContentProducer: o.Producer, ProduceID: o.ContentID,
		ContentPropagator: propagatorOf(o.Producer), PropagateID: o.ContentID,
	}
	if m.Label == "" {
		return m, loam.Fail(loam.Invalid, "label.state", o.State)
	}
	first := true
	for _, f := range found {
		if f.Kind != media.KindImplicit {
			continue
		}
		was := producerOf(f.Mark)
		if !legible(f) || !first && was != producerOf(m) {
			return m, loam.Fail(loam.Invalid, "label.unclear")
		}
		m.ContentProducer, m.ProduceID, m.ReservedCode1 = was.ContentProducer, was.ProduceID, was.ReservedCode1
		first = false
	}
	if first && o.Unnamed {
		m.ContentProducer, m.ProduceID = "", ""
	}
	return o.seal(m, first && !o.Unnamed)
}

// writing is what media is told beside the label.
func (o Options) writing(src media.Source) []media.Option {
	out := []media.Option{media.As(o.Type)}
	if o.Source != "" && !o.sourceInManifest(src) {
		out = append(out, media.WithSource(o.Source))
	}
	return out
}

// sourceInManifest reports whether the manifest is the only place of a file that can state
// the source type, and states it.
func (o Options) sourceInManifest(src media.Source) bool {
	if o.Manifest == nil || !o.Manifest.Claim.Created || o.Manifest.Claim.SourceType != media.SourceURI+o.Source {
		return false
	}
	typ := o.Type
	if typ == "" {
		typ, _ = media.Identify(src) // of no known type, it is refused when it is written
	}
	return Carries(typ) && !media.HoldsSource(typ) && slices.Contains(media.SourceTerms(), o.Source)
}

// seal signs a label in the field of whom its writer is: the producer's on a first write,
// the propagator's afterwards (TC260-PG-202511A).
func (o Options) seal(m loam.Mark, first bool) (loam.Mark, error) {
	if o.Seal == nil {
		return m, nil
	}
	var err error
	if first {
		m.ReservedCode1, err = integrity.Seal(m, integrity.Producer, o.Seal)
	} else {
		m.ReservedCode2, err = integrity.Seal(m, integrity.Propagator, o.Seal)
	}
	return m, err
}

// legible reports whether a label, in the right form or not, says who produced what in words
// that may be written again.
func legible(f media.Found) bool {
	for _, d := range f.Defects {
		if d.Level == "error" && d.Code != "duplicate" {
			return false
		}
	}
	unnamed := f.Mark.ContentProducer == "" && f.Mark.ProduceID == "" && f.Mark.ContentPropagator != ""
	return unnamed || CheckProducer(f.Mark.ContentProducer) == nil && media.IsID(f.Mark.ProduceID)
}

// producerOf is what a producer wrote of itself, which nobody after it may change.
func producerOf(m loam.Mark) loam.Mark {
	return loam.Mark{ContentProducer: m.ContentProducer, ProduceID: m.ProduceID, ReservedCode1: m.ReservedCode1}
}

// CheckProducer is Invalid, "producer.code", unless s can stand in a label: a right
// 27-character code, or a name of printable ASCII without space, quote and backslash. What
// looks like a code must be one: readers take it for a damaged one.
func CheckProducer(s string) error {
	if !media.IsID(s) {
		return loam.Fail(loam.Invalid, "producer.code", s[:min(len(s), 40)])
	}
	if len(s) > 15 && strings.HasPrefix(s, "00") || likeCode.MatchString(s) {
		return media.CheckCode(s)
	}
	return nil
}

// IsPropagator reports whether a producer's code is one of a propagator: service type 2 in place
// 23 (TC260-PG-20252A). A file that has a label already carries it rightly, as its propagator's;
// a first write names whoever made the content, whose service type is 1.
func IsPropagator(producer string) bool {
	return len(producer) == 27 && producer[22] == '2' && media.CheckCode(producer) == nil
}

// likeCode is a code of any format, as one mistypes it.
var likeCode = regexp.MustCompile(`^0[0-9A-Za-z]{26}$`)

// propagatorOf is a producer's code as a propagator: service type 2 in place 23
// (TC260-PG-20252A). A name stands for both.
func propagatorOf(producer string) string {
	if len(producer) == 27 && producer[22] == '1' && media.CheckCode(producer) == nil {
		return producer[:22] + "2" + producer[23:]
	}
	return producer
}

// visible draws the words on a picture, or puts them into a text or a page. What can hold
// neither is Invalid, "label.invisible"; films and sounds are marked by another program.
func visible(b []byte, o Options) ([]byte, error) {
	words := cmp.Or(o.Words, Words)
	if err := CheckWords(words); err != nil {
		return nil, err
	}
	typ := o.Type
	if typ == "" {
		var err error
		if typ, err = media.Identify(bytes.NewReader(b)); err != nil {
			return nil, err
		}
	}
	switch typ {
	case media.Markdown:
		return textWords(b, words), nil
	case media.HTML:
		return media.Notice(b, words)
	}
	// No other picture is encoded anew here.
	if typ != media.JPEG && typ != media.PNG {
		return nil, loam.Fail(loam.Invalid, "label.invisible", string(typ))
	}
	img, _, err := media.Decode(b)
	if err != nil {
		return nil, err
	}
	img, err = o.Draw.Mark(img, words, o.Corner)
	if err != nil {
		return nil, err
	}
	return media.Repaint(b, img)
}

// Plate is the visible mark alone, on a picture of nothing: what another program lays over a
// film of that size.
func (o Options) Plate(width, height int) (image.Image, error) {
	words := cmp.Or(o.Words, Words)
	if err := CheckWords(words); err != nil {
		return nil, err
	}
	return o.Draw.Mark(image.NewRGBA(image.Rect(0, 0, width, height)), words, o.Corner)
}

// textWords puts the words at the end of a text, on a line of their own (GB 45438-2025,
// 5.1: start, end or a suitable middle), once.
func textWords(b []byte, words string) []byte {
	newline := "\n"
	if bytes.Contains(b, []byte("\r\n")) {
		newline = "\r\n"
	}
	text := strings.TrimRight(string(b), "\r\n")
	if text[strings.LastIndexByte(text, '\n')+1:] == words {
		return b
	}
	return []byte(text + newline + newline + words + newline)
}

// verify reads a written file back: exactly one strict label, the one that was meant, and
// the same pixels or words as before.
func verify(before, after []byte, want loam.Mark) error {
	if err := Verify(bytes.NewReader(after), want); err != nil {
		return err
	}
	if !sameContent(before, after) {
		return loam.Fail(loam.Internal, "label.mismatch")
	}
	return nil
}

// sameContent compares what can be decoded here: pixels and words. Of everything else the
// writer itself keeps all bytes but the label's.
func sameContent(before, after []byte) bool {
	if t, err := media.Identify(bytes.NewReader(before)); err == nil && t == media.HTML && !bytes.HasSuffix(after, bodyOf(before)) {
		return samePage(before, after)
	}
	if media.IsText(before) {
		return media.IsText(after) && bytes.HasSuffix(after, bodyOf(before))
	}
	a, _, err := media.Decode(before)
	if err != nil {
		return slices.Contains([]string{"picture.type", "picture.heic", "picture.animated"}, loam.CodeOf(err))
	}
	b, _, err := media.Decode(after)
	return err == nil && samePixels(a, b)
}

// samePage reports whether two pages are the same but for their labels.
func samePage(before, after []byte) bool {
	a, err := media.Unlabelled(before)
	if err != nil {
		return false
	}
	b, err := media.Unlabelled(after)
	return err == nil && bytes.Equal(a, b)
}

// bodyOf is a text without its byte order mark and its front matter.
func bodyOf(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	for at, n := 0, 0; at < len(b); n++ {
		next := len(b)
		if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
			next = at + i + 1
		}
		line := string(bytes.TrimRight(b[at:next], "\r\n "))
		switch {
		case n == 0 && line != "---":
			return b
		case n > 0 && (line == "---" || line == "..."):
			return b[next:]
		}
		at = next
	}
	return b
}

func samePixels(a, b image.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	if x, ok := a.(*image.RGBA); ok {
		if y, ok := b.(*image.RGBA); ok && x.Stride == y.Stride {
			return bytes.Equal(x.Pix, y.Pix)
		}
	}
	if x, ok := a.(*image.YCbCr); ok {
		if y, ok := b.(*image.YCbCr); ok && x.SubsampleRatio == y.SubsampleRatio {
			return bytes.Equal(x.Y, y.Y) && bytes.Equal(x.Cb, y.Cb) && bytes.Equal(x.Cr, y.Cr)
		}
	}
	r := a.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}
