package screen

import (
	"context"
	"sync"

	"loam"
	"loam/internal/media"
)

// gallery keeps the hashes of all screened pictures in memory, 96 bytes each: to look through
// them in the database would take longer than everything else of a screening. It only says
// which hashes are near; whether somebody's picture with that hash can still be seen is asked
// of the store, so nothing here is ever taken out.
type gallery struct {
	store Store
	clock loam.Clock

	mu     sync.RWMutex
	index  media.Index
	filled bool
	newest int64 // the moment of the newest hash that was read
	reread int64 // when the last minute was read once more
}

const (
	// late is how long a transaction may take to be seen after its moment: on PostgreSQL rows
	// do not appear in the order of their moments.
	late        = 60_000
	rereadEvery = 5_000
	// untidy is how many hashes may wait for their place in the index, at least.
	untidy = 4096
)

// refresh reads what was screened since the last time, all of it at first.
func (g *gallery) refresh(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	since, now := g.newest, g.clock.Now()
	if again := now-g.reread >= rereadEvery; again && g.filled {
		since = max(since-late, 0)
		g.reread = now
	}
	err := g.store.EachPicture(ctx, since, func(text string, at int64) error {
		h, err := media.ParseHash(text)
		if err == nil && (!g.filled || !g.index.Has(h)) { // a broken record must not hide the others
			g.index.Add(h)
		}
		g.newest = max(g.newest, at)
		return nil
	})
	if err != nil {
		return err
	}
	if !g.filled || g.index.Untidy() > max(untidy, g.index.Len()/16) {
		g.index.Tidy()
	}
	g.filled = true
	return nil
}

// near finds the hashes near to those sought, the nearest first.
func (g *gallery) near(ctx context.Context, sought []media.Hash) ([]media.Match, error) {
	if err := g.refresh(ctx); err != nil {
		return nil, err
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.index.Search(sought...), nil
}
