package main

import "context"

// gate bounds how many pictures are decoded at once: one of 50 megapixels takes hundreds
// of megabytes for a second, whoever asks for it.
type gate chan struct{}

// decodes is how many pictures are decoded at once in a process.
const decodes = 2

func newGate() gate { return make(gate, decodes) }

// run does the work once a slot is free; waiting ends with the context.
func (g gate) run(ctx context.Context, work func() error) error {
	select {
	case g <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-g }()
	if err := ctx.Err(); err != nil {
		return err
	}
	return work()
}
