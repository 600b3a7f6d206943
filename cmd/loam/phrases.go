package main

import (
	"context"
	"slices"
	"strings"

	"loam"
	"loam/internal/policy"
	"loam/internal/screen"
	"loam/internal/store"
)

// addPhrases checks phrases and puts them into the standing list. One that folds to
// nothing can never be found and is refused, as are unknown risks and tiers.
func addPhrases(ctx context.Context, db *store.DB, by string, list []loam.Phrase) (int64, error) {
	for i := range list {
		p := &list[i]
		p.Text = strings.TrimSpace(p.Text)
		switch {
		case !screen.Findable(p.Text):
			return 0, loam.Fail(loam.Invalid, "phrase.empty", i+1)
		case !policy.KnownRisk(p.Risk):
			return 0, loam.Fail(loam.Invalid, "phrase.risk", p.Risk)
		case !policy.KnownTier(p.Tier):
			return 0, loam.Fail(loam.Invalid, "phrase.tier", p.Tier)
		}
	}
	var n int64
	for chunk := range slices.Chunk(list, 1000) { // a transaction of its own each: readers go on
		m, err := db.AddPhrases(ctx, by, chunk)
		if err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}
