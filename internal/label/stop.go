package label

import (
	"context"

	"loam/internal/media"
)

// stoppable is a file that is not read any further once a context has ended. Every reader takes a
// file in parts of some megabytes at most, and so leaves off at the next one.
type stoppable struct {
	media.Source
	ctx context.Context
}

// until is a source that ends with a context, the source itself where the context never does.
func until(ctx context.Context, src media.Source) media.Source {
	if ctx.Done() == nil {
		return src
	}
	return stoppable{src, ctx}
}

// ReadAt reads the file (io.ReaderAt); after the context its error.
func (s stoppable) ReadAt(p []byte, at int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Source.ReadAt(p, at)
}
