package studio

import (
	"context"

	"loam"
)

// Trace gives the origins of a text somebody wrote by itself, such as a comment: what repeats
// a model's text of hers is a model's, unless she wrote it before the model did.
func (s *Studio) Trace(ctx context.Context, owner, text string) ([]loam.Run, error) {
	generated, err := s.Store.Generated(ctx, owner, loam.Recalled)
	if err != nil || len(generated) == 0 {
		return []loam.Run{{Text: text, Origin: loam.ByPerson}}, err
	}
	touched, err := s.touched(ctx, owner, []string{text}, generated)
	if err != nil {
		return nil, err
	}
	own, err := s.elsewhere(ctx, owner, touched)
	if err != nil {
		return nil, err
	}
	return retrace(nil, text, own, touched), nil
}
