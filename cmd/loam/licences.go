package main

import (
	"fmt"
	"maps"
	"slices"

	"loam/internal/fonts"
)

// licencesCmd prints what the Open Font License asks every copy to carry (OFL 1.1,
// condition 2).
type licencesCmd struct{}

// Run prints each font's licence under its file name.
func (licencesCmd) Run(a *app) error {
	texts, err := fonts.Licences()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if _, err := fmt.Fprintf(a.out, "== %s\n\n%s\n", name, texts[name]); err != nil {
			return err
		}
	}
	return nil
}
