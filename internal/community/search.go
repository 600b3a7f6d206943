package community

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"loam"
	"loam/internal/text"
)

const (
	maxQuery  = 100  // characters of a search
	maxOffset = 1000 // notes one can page to
	nearby    = 8    // topics offered where nothing was found
	related   = 6
)

// Hit is a note that was found, with the sought words marked in its title and in what its
// body says around the first of them.
type Hit struct {
	loam.Release
	Title   []text.Piece
	Snippet []text.Piece
	Tags    []string // those that hold a sought word
}

// Found is one page of a search. Next is where the following one begins, 0 at the end.
type Found struct {
	Hits   []Hit
	Next   int
	Topics []string // to look at instead, where nothing was found
}

// Search finds public notes by words, as they are written or as they are read. Every note has
// every word; which its creator keeps from being found are not among them.
func (s Square) Search(ctx context.Context, query string, offset int) (Found, error) {
	query = strings.TrimSpace(strings.ToValidUTF8(query, ""))
	if utf8.RuneCountInString(query) > maxQuery {
		return Found{}, loam.Fail(loam.TooLarge, "search.too_long", maxQuery)
	}
	if offset < 0 || offset > maxOffset {
		return Found{}, loam.Fail(loam.Invalid, "search.page")
	}
	words := text.Query(query)
	var list []loam.Release
	if len(words) > 0 {
		var err error
		if list, err = s.Store.Search(ctx, words, offset, Page+1); err != nil {
			return Found{}, err
		}
	}
	f := Found{Hits: []Hit{}}
	if len(list) > Page {
		list = list[:Page]
		if offset+Page <= maxOffset {
			f.Next = offset + Page
		}
	}
	for _, r := range list {
		f.Hits = append(f.Hits, hit(r, words))
	}
	if len(list) > 0 || offset > 0 {
		return f, nil
	}
	var err error
	f.Topics, err = s.near(ctx, words)
	return f, err
}

func hit(r loam.Release, words []loam.Sought) Hit {
	c := r.Version.Content
	tags := []string{}
	for _, t := range c.Tags {
		if slices.ContainsFunc(text.Highlight(t, words), func(p text.Piece) bool { return p.Hit }) {
			tags = append(tags, t)
		}
	}
	return Hit{Release: r, Tags: tags, Title: text.Highlight(c.Title, words), Snippet: snippet(text.Highlight(c.Body, words))}
}

const (
	lead    = 18 // characters before the first hit
	excerpt = 64 // characters in all
)

// snippet is what a text says around its first hit, or its beginning.
func snippet(pieces []text.Piece) []text.Piece {
	first := max(0, slices.IndexFunc(pieces, func(p text.Piece) bool { return p.Hit }))
	var out []text.Piece
	left := excerpt
	if first > 0 {
		before := []rune(strings.ReplaceAll(pieces[first-1].Text, "\n", " "))
		if len(before) > lead {
			before = append([]rune("…"), before[len(before)-lead:]...)
		}
		out, left = append(out, text.Piece{Text: string(before)}), left-len(before)
	}
	for _, p := range pieces[min(first, len(pieces)):] {
		r := []rune(strings.ReplaceAll(p.Text, "\n", " "))
		if len(r) > left {
			r = append(r[:max(0, left)], '…')
		}
		out = append(out, text.Piece{Text: string(r), Hit: p.Hit})
		if left -= len(r); left <= 0 {
			break
		}
	}
	return out
}

// near are topics that begin as a sought word does, then the most used ones.
func (s Square) near(ctx context.Context, words []loam.Sought) ([]string, error) {
	var out []string
	add := func(list []string) {
		for _, t := range list {
			if len(out) < nearby && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w.Terms[0])
		for _, prefix := range []string{w.Terms[0], string(first)} {
			list, err := s.Store.TopicsLike(ctx, prefix, nearby)
			if err != nil {
				return nil, err
			}
			add(list)
		}
	}
	if s.Topics != nil {
		add(s.Topics())
	}
	return out, nil
}

// Creator lists an account's public notes from a place on, and where the next page begins,
// nil at the end; she sees those she lets nobody find as well.
func (s Square) Creator(ctx context.Context, viewer, owner string, from loam.Place) ([]loam.Release, *loam.Place, error) {
	list, err := s.Store.ByCreator(ctx, owner, viewer == owner, from, Page+1)
	return paged(list, err)
}

// Topic lists a topic's notes, as Creator does.
func (s Square) Topic(ctx context.Context, topic string, from loam.Place) ([]loam.Release, *loam.Place, error) {
	list, err := s.Store.ByTopic(ctx, text.Topic(topic), from, Page+1)
	return paged(list, err)
}

func paged(list []loam.Release, err error) ([]loam.Release, *loam.Place, error) {
	if err != nil || len(list) <= Page {
		return list, nil, err
	}
	list = list[:Page]
	next := loam.PlaceOf(list[Page-1])
	return list, &next, nil
}

// Related lists a few notes that share topics with one.
func (s Square) Related(ctx context.Context, work string) ([]loam.Release, error) {
	return s.Store.Related(ctx, work, related)
}
