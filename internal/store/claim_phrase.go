package store

import (
	"context"
	"slices"
)

// phraseSource is the evidence a phrase of an upheld claim has.
func phraseSource(claim string) string { return "notice " + claim }

// takePhrases takes what a claim put on the list from it, unless another upheld claim holds it too.
func (t *tx) takePhrases(ctx context.Context, k claim) error {
	list, err := all(ctx, t.querier, scanString, `SELECT text FROM phrases WHERE source = ?`, phraseSource(k.ID))
	if err != nil || len(list) == 0 {
		return err
	}
	for _, phrase := range list {
		others, err := all(ctx, t.querier, scanClaim, claimSelect+`WHERE k.state = 'upheld' AND k.id IN (SELECT c.appeal FROM decisions d JOIN cases c ON c.id = d.case_id
			WHERE c.about = ? AND d.phrase = ? AND d.applied = 1 AND d.undone = 0) ORDER BY k.decided_at, k.id`, noticed, phrase)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(others, func(o claim) bool { return o.Right.Risk() == k.Right.Risk() })
		if i >= 0 {
			_, err = t.exec(ctx, `UPDATE phrases SET source = ? WHERE source = ? AND text = ?`, phraseSource(others[i].ID), phraseSource(k.ID), phrase)
		} else {
			_, err = t.exec(ctx, `DELETE FROM phrases WHERE source = ? AND text = ?`, phraseSource(k.ID), phrase)
		}
		if err != nil {
			return err
		}
	}
	return t.event(ctx, staff, "phrases", "")
}
