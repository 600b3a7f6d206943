package loam

// Release is what readers see of a Work: a Version that was cleared, labelled and
// confirmed, with the person behind it and what she allows.
type Release struct {
	Version    Version
	Author     Account
	ReleasedAt int64
	RemovedAt  int64
	Uses       []Permission
}
