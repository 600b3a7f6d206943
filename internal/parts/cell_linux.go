package parts

import (
	"os"
	"syscall"
)

// cell is how far from the rest of the machine a child starts.
type cell struct {
	attr  *syscall.SysProcAttr
	alone bool // without any network
}

// nobody is the user a child sees itself as.
const nobody = 65534

// cells are the ways to start a child, the most confined first: in a user and network
// namespace of its own, which needs no rights where the system permits such; in a network
// namespace, which needs root; as any process. In a group of its own, a child does not
// hear the terminal's interrupt.
func cells() []cell {
	mapped := func(id int) []syscall.SysProcIDMap {
		return []syscall.SysProcIDMap{{ContainerID: nobody, HostID: id, Size: 1}}
	}
	return []cell{
		{&syscall.SysProcAttr{
			Setpgid:     true,
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC,
			UidMappings: mapped(os.Getuid()), GidMappings: mapped(os.Getgid()),
		}, true},
		{&syscall.SysProcAttr{Setpgid: true, Cloneflags: syscall.CLONE_NEWNET}, true},
		{&syscall.SysProcAttr{Setpgid: true}, false},
	}
}
