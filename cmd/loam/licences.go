package main

import (
	"fmt"
	"maps"
	"slices"

	"loam/internal/classify"
	"loam/internal/fonts"
)

// licencesCmd prints what the Open Font License asks every copy to carry (OFL 1.1,
// condition 2), and the Apache License (2.0, section 4) of what is made from COLD.
type licencesCmd struct{}

// Run prints each font's licence under its file name, and that of the classifier's weights.
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
	_, err = fmt.Fprintf(a.out, "== weights.bin\n\n%s\n", classify.Licence())
	return err
}
