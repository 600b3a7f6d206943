package community

import (
	"context"

	"loam"
)

const (
	threads = 10 // comments on a page
	opening = 2  // answers shown under each
	answers = 50 // answers on a thread's own page
	unseen  = 20
)

// Thread is a comment and the first answers to it.
type Thread struct {
	loam.Comment
	First []loam.Comment
}

// Discussion is one page of what is said under a note. Mine are the viewer's own comments
// that readers do not see, and why is asked of their versions.
type Discussion struct {
	Count   int
	Open    bool
	Threads []Thread
	Next    *loam.Place
	Mine    []loam.Comment
}

// Discuss gives the comments of a note the viewer may see, newest first, from a place on.
func (s Square) Discuss(ctx context.Context, viewer, note string, from loam.Place) (Discussion, error) {
	var d Discussion
	var err error
	if d.Count, d.Open, err = s.Store.Discussion(ctx, note); err != nil {
		return d, err
	}
	list, err := s.Store.Comments(ctx, note, "", from, threads+1)
	if err != nil {
		return d, err
	}
	if len(list) > threads {
		list = list[:threads]
		next := list[threads-1].Place()
		d.Next = &next
	}
	for _, c := range list {
		t := Thread{Comment: c}
		if c.Answers > 0 {
			if t.First, err = s.Store.Comments(ctx, note, c.Work, loam.Place{}, opening); err != nil {
				return d, err
			}
		}
		d.Threads = append(d.Threads, t)
	}
	if viewer != "" && from == (loam.Place{}) {
		d.Mine, err = s.Store.Unseen(ctx, viewer, note, unseen)
	}
	return d, err
}

// Thread gives one comment with its answers, oldest first, from a place on.
func (s Square) Thread(ctx context.Context, note, comment string, from loam.Place) (Thread, *loam.Place, error) {
	c, err := s.Store.Comment(ctx, comment)
	if err == nil && (c.On != note || c.Parent != "") {
		err = loam.Fail(loam.NotFound, "comment.not_found")
	}
	if err != nil {
		return Thread{}, nil, err
	}
	list, err := s.Store.Comments(ctx, note, comment, from, answers+1)
	t := Thread{Comment: c, First: list}
	if err != nil || len(list) <= answers {
		return t, nil, err
	}
	t.First = list[:answers]
	next := t.First[answers-1].Place()
	return t, &next, nil
}

// SetOpen opens or closes a note for comments, for its owner.
func (s Square) SetOpen(ctx context.Context, owner, note string, open bool) error {
	return s.Store.SetDiscussion(ctx, owner, note, open)
}
