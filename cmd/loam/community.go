package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"loam"
	"loam/internal/studio"
)

// community is what the writer knows of the community: its topics, as last counted.
func (n *node) community() studio.Community {
	c := studio.Community{}
	if known := n.topics.Load(); known != nil {
		c = *known
	}
	if known := n.titles.Load(); known != nil {
		c.Titles, c.Worn = known.Titles, known.Worn
	}
	if found := n.skeletons.Load(); found != nil {
		c.Skeletons = *found
	}
	return c
}

// topicNames are the topics, most used first.
func (n *node) topicNames() []string {
	var out []string
	for _, t := range n.community().Topics {
		out = append(out, t.Name)
	}
	return out
}

// reindex cuts the search terms of notes that have none by today's rules.
func (n *node) reindex(ctx context.Context) error {
	for {
		if done, err := n.db.Reindex(ctx, 50); err != nil || done == 0 {
			return err
		}
	}
}

// countTopics counts the topics anew.
func (n *node) countTopics(ctx context.Context) error {
	counts, err := n.db.Topics(ctx, topicNotes)
	if err != nil {
		return err
	}
	c := studio.Community{}
	for name, uses := range counts {
		c.Topics = append(c.Topics, studio.Topic{Name: name, Uses: uses})
	}
	slices.SortFunc(c.Topics, func(a, b studio.Topic) int { return cmp.Or(b.Uses-a.Uses, strings.Compare(a.Name, b.Name)) })
	n.topics.Store(&c)
	return nil
}

// readTitles reads what new titles are held against: those published, and the worn families
// of the last seven days.
func (n *node) readTitles(ctx context.Context) error {
	lines, err := n.db.Titles(ctx, topicNotes)
	if err != nil {
		return err
	}
	week := n.clock.Now() - 7*24*60*60*1000
	var titles, owners []string
	lately := map[loam.NoteKind][]string{}
	for _, l := range lines {
		titles, owners = append(titles, l.Title), append(owners, l.Owner)
		if l.At >= week {
			lately[loam.NoteKind(l.Kind)] = append(lately[loam.NoteKind(l.Kind)], l.Title)
		}
	}
	n.titles.Store(&studio.Community{Titles: studio.NewTitleIndex(titles, owners), Worn: studio.Wear(lately)})
	return nil
}

// findSkeletons looks for the forms of titles that many people share who allow their style
// to be learned from, at this moment: who withdrew it is out.
func (n *node) findSkeletons(ctx context.Context) error {
	lines, err := n.db.Titles(ctx, topicNotes)
	if err != nil {
		return err
	}
	var titles []studio.Published
	for _, l := range lines {
		if l.Style {
			titles = append(titles, studio.Published{Title: l.Title, Owner: l.Owner, Kind: loam.NoteKind(l.Kind), Collects: l.Collects})
		}
	}
	found := studio.Skeletons(titles)
	n.skeletons.Store(&found)
	return nil
}
