package community

import (
	"context"
	"strconv"

	"loam"
)

// Page is how many notes one page of the feed holds.
const Page = 24

const (
	// DefaultShare is the greatest share of model-made notes in the feed, in percent, until an
	// operator says otherwise.
	DefaultShare = 30
	shareSetting = "feed.made"
)

// Cursor is where the feed goes on: the last note seen of each kind. Notes a model made a
// part of wait where a page has no room for more of them, so the two run apart.
type Cursor struct {
	Human, Made loam.Place
}

// Feed gives the page after a cursor, newest first as far as the share of model-made notes
// allows, and where the next begins, nil at the end. Of any page, and so of any pages in a
// row, no more than the operator's share is model-made.
func (s Square) Feed(ctx context.Context, at Cursor) (notes []loam.Release, next *Cursor, err error) {
	share, err := s.Share(ctx)
	if err != nil {
		return nil, nil, err
	}
	human, err := s.Store.Feed(ctx, false, at.Human, Page+1)
	if err != nil {
		return nil, nil, err
	}
	var made []loam.Release
	if share > 0 {
		if made, err = s.Store.Feed(ctx, true, at.Made, Page+1); err != nil {
			return nil, nil, err
		}
	}
	notes, h, m := mix(human, made, share)
	if h > 0 {
		at.Human = loam.PlaceOf(human[h-1])
	}
	if m > 0 {
		at.Made = loam.PlaceOf(made[m-1])
	}
	// Without a human-made note to stand beside, a model-made one has no place.
	if more := h < len(human) || m < len(made) && share == 100; len(notes) > 0 && more {
		next = &at
	}
	return notes, next, nil
}

// mix makes one page of two lists, each newest first: it takes the newer, but a model-made
// note only where the share of them, in percent, holds from the beginning of the page on,
// and of the whole page. It gives how many it took of each.
func mix(human, made []loam.Release, share int) (page []loam.Release, h, m int) {
	for len(page) < Page {
		n := len(page) + 1
		room := m < len(made) && (m+1)*100 <= share*n+99 && (m+1)*100 <= share*Page
		switch {
		case room && (h == len(human) || newer(made[m], human[h])):
			page = append(page, made[m])
			m++
		case h < len(human):
			page = append(page, human[h])
			h++
		default:
			return settle(page, h, m, share)
		}
	}
	return page, h, m
}

// settle takes model-made notes back from the end of a page that stayed short, until the
// share holds of what is left; they come again on no later page, as there is none.
func settle(page []loam.Release, h, m, share int) ([]loam.Release, int, int) {
	for m*100 > share*len(page) {
		for i := len(page) - 1; i >= 0; i-- {
			if modelMade(page[i]) {
				page = append(page[:i], page[i+1:]...)
				m--
				break
			}
		}
	}
	return page, h, m
}

func modelMade(r loam.Release) bool {
	ai := r.Version.Content.AI()
	return ai == loam.IsAI || ai == loam.MayAI
}

func newer(a, b loam.Release) bool {
	if a.ReleasedAt != b.ReleasedAt {
		return a.ReleasedAt > b.ReleasedAt
	}
	return a.Version.ID > b.Version.ID
}

// Share is the greatest share of model-made notes in the feed, in percent.
func (s Square) Share(ctx context.Context) (int, error) {
	v, err := s.Store.Setting(ctx, shareSetting)
	if err != nil || v == "" {
		return DefaultShare, err
	}
	return strconv.Atoi(v)
}

// SetShare sets the greatest share, 0 to 100 percent.
func (s Square) SetShare(ctx context.Context, percent int) error {
	if percent < 0 || percent > 100 {
		return loam.Fail(loam.Invalid, "feed.share")
	}
	return s.Store.SetSetting(ctx, shareSetting, strconv.Itoa(percent))
}
