package corpus

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"loam"
	"loam/internal/ledger"
)

// collection is what a corpus is made of so far.
type collection struct {
	id      string
	state   *ledger.State
	size    int64
	at      int64
	policy  Policy
	records []ledger.Record
	weights []weight // of each
}

// weight is how much text a record is, and how good its grant.
type weight struct {
	evidence   ledger.Evidence
	characters int
}

func (c *collection) evidence() map[string]int {
	out := map[string]int{}
	for _, w := range c.weights {
		out[w.evidence.String()] += w.characters
	}
	return out
}

// collect goes through the works that may be used so, and takes those the log's state allows too:
// a work whose word is not in the log yet waits for the next corpus.
func (b *Builder) collect(ctx context.Context, c *collection, texts Shard) error {
	_, err := texts.Seek(0, io.SeekStart)
	if err = cmp.Or(err, texts.Truncate(0)); err != nil {
		return err
	}
	for after := ""; ; {
		list, err := b.Store.TrainingNotes(ctx, c.policy.Use, c.at, after, page)
		if err != nil {
			return err
		}
		var kept []loam.TrainingRecord
		for i := range list {
			salt, err := c.take(&list[i], texts)
			if err != nil {
				return err
			}
			if salt != "" {
				kept = append(kept, loam.TrainingRecord{Work: list[i].Work, Version: list[i].Version, Salt: salt})
			}
		}
		if err := b.Store.AddToCorpus(ctx, c.id, kept); err != nil {
			return err
		}
		if len(list) < page {
			return nil
		}
		after = list[len(list)-1].Named
	}
}

// take makes a note's record and line, and gives the salt of what the record commits to, "" where
// the note is not taken.
func (c *collection) take(n *loam.TrainingNote, texts io.Writer) (salted string, err error) {
	named, err := hex.DecodeString(n.Named)
	if err != nil || len(named) != len(ledger.ID{}) {
		return "", loam.Fail(loam.Internal, "internal").Because(errors.Join(err, errors.New("no name of the ledger: "+n.Named)))
	}
	d := c.state.Decide(ledger.ID{}, ledger.ID{}, ledger.ID(named), c.policy.Use, c.at)
	if !d.Allow {
		return "", nil
	}
	text := textOf(n, c.policy.Use)
	if text.Content.Pictures != nil && len(text.Content.Pictures) == 0 {
		return "", nil // no picture to learn from
	}
	text.Credit = ""
	if d.Terms.Attribution {
		text.Credit = n.Creator
	}
	text.Evidence = d.Evidence.String()
	var salt [32]byte
	if _, err := rand.Read(salt[:]); err != nil {
		return "", err
	}
	text.Salt = hex.EncodeToString(salt[:])
	line, content, about, err := text.encode(salt)
	if err != nil {
		return "", err
	}
	if _, err := texts.Write(line); err != nil {
		return "", err
	}
	c.records = append(c.records, ledger.Record{Work: ledger.ID(named), Content: content, State: c.size, Deciding: d.Index, Body: about})
	c.weights = append(c.weights, weight{d.Evidence, len([]rune(text.Content.Title)) + len([]rune(text.Content.Body))})
	return text.Salt, nil
}

// without takes works out again, by the ledger's names for them: their records and their lines.
func (c *collection) without(gone []string, texts Shard) error {
	if len(gone) == 0 {
		return nil
	}
	out := make(map[string]bool, len(gone))
	for _, name := range gone {
		out[name] = true
	}
	var end int64 // of what stays
	kept := 0
	lines := bufio.NewReader(io.NewSectionReader(texts, 0, math.MaxInt64))
	for i := range c.records {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err
		}
		if out[c.records[i].Work.String()] {
			continue
		}
		if _, err := texts.WriteAt(line, end); err != nil { // never beyond what was read
			return err
		}
		end += int64(len(line))
		c.records[kept], c.weights[kept] = c.records[i], c.weights[i]
		kept++
	}
	c.records, c.weights = c.records[:kept], c.weights[:kept]
	_, err := texts.Seek(end, io.SeekStart)
	return cmp.Or(texts.Truncate(end), err)
}

// pictures are the labelled bytes readers see, by hash.
func pictures(labels []loam.Label) []string {
	out := []string{}
	for _, l := range labels {
		if strings.HasPrefix(l.Field, "picture.") && !slices.Contains(out, l.Result) {
			out = append(out, l.Result)
		}
	}
	return out
}
