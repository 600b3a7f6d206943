package corpus

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"loam"
	"loam/internal/ledger"
)

// Text is one line of a shard: a work, and what opens the two commitments of its record.
type Text struct {
	Work string `json:"work"` // as the ledger calls it, hexadecimal
	Salt string `json:"salt"` // hexadecimal, 32 bytes
	Content
	About
}

// Content is what the record's Content commits to.
type Content struct {
	Title    string   `json:"title"`
	Body     string   `json:"body"`
	Tags     []string `json:"tags"`
	Pictures []string `json:"pictures,omitempty"` // SHA-256 of each, hexadecimal; of corpora of pictures
}

// About is what the record's Body commits to.
type About struct {
	AI       loam.AIState `json:"ai"`       // the note's state
	Credit   string       `json:"credit"`   // the name the grant asks to be named, "" for none
	Evidence string       `json:"evidence"` // level of the grant when the corpus was built, L1 to L3
}

func textOf(n *loam.TrainingNote, use loam.Use) Text {
	t := Text{Work: n.Named, Content: Content{Title: n.Content.Title, Body: n.Content.Body, Tags: n.Content.Tags}, About: About{AI: n.Content.AI()}}
	if use == loam.UseTrainImage {
		t.Pictures = pictures(n.Labels)
	}
	return t
}

// encode gives the line and what a record says of it.
func (t *Text) encode(salt [32]byte) (line []byte, content, about ledger.Hash, err error) {
	if content, err = commit(salt, t.Content); err == nil {
		about, err = commit(salt, t.About)
	}
	if err == nil {
		line, err = loam.Canonical(t)
	}
	return append(line, '\n'), content, about, err
}

func commit(salt [32]byte, v any) (ledger.Hash, error) {
	raw, err := loam.Canonical(v)
	return ledger.Commit(salt, raw), err
}

// maxLine is one work with all it can hold.
const maxLine = 8 << 20

// Compare holds a shard against its manifest: every line opens the record at its place, and none is
// missing. It gives the manifest's root, to be compared with the corpus's leaf, and how many works
// there are. What differs is Invalid, "corpus.text", with the line.
func Compare(manifest []byte, shard io.Reader) (ledger.Hash, int, error) {
	lines := bufio.NewScanner(shard)
	lines.Buffer(nil, maxLine)
	n := 0
	differs := func(why error) error { return loam.Fail(loam.Invalid, "corpus.text", fmt.Sprint(n)).Because(why) }
	root, err := ledger.ReadManifest(manifest, func(r *ledger.Record, _ []byte) error {
		n++
		if !lines.Scan() {
			return differs(errors.Join(lines.Err(), errors.New("the line is missing")))
		}
		if err := opens(r, lines.Bytes()); err != nil {
			return differs(err)
		}
		return nil
	})
	if err == nil && lines.Scan() {
		n++
		err = differs(errors.New("nothing in the manifest is of this line"))
	}
	return root, n, err
}

func opens(r *ledger.Record, line []byte) error {
	var t Text
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return err
	}
	salt, err := hex.DecodeString(t.Salt)
	if err == nil && len(salt) != 32 {
		err = errors.New("no salt")
	}
	if err != nil {
		return err
	}
	_, content, about, err := t.encode([32]byte(salt))
	switch {
	case err != nil:
		return err
	case t.Work != r.Work.String():
		return errors.New("it is another work")
	case content != r.Content:
		return errors.New("its content is not what the record commits to")
	case about != r.Body:
		return errors.New("what is said of it is not what the record commits to")
	}
	return nil
}
