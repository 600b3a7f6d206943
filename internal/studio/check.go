package studio

import (
	"loam"
	"loam/internal/text"
)

// Checks lists what is out of limits or worth a look.
func Checks(p text.Profile, title, body string, tags []string, pages []loam.Page) []Check { return nil }

// Repair brings everything within limits.
func Repair(p text.Profile, title, body string, tags []string, pages []loam.Page) (string, string, []string, []loam.Page) {
	return title, body, tags, pages
}
