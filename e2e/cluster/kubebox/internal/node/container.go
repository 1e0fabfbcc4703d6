package node

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const cgroups = "/sys/fs/cgroup"

// prepareContainer gives the node, in a container that is not privileged but has the capabilities, what components expect
// of a machine: its own cgroups and its own network's settings writable, mounts that reach into pods, the kernel's log.
func prepareContainer() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, ""); err != nil {
		return fmt.Errorf("sharing the mounts with pods: %w (the container needs CAP_SYS_ADMIN)", err)
	}
	if err := writableCgroups(); err != nil {
		return fmt.Errorf("making cgroups writable: %w", err)
	}
	if err := delegateCgroup2(); err != nil {
		return fmt.Errorf("delegating cgroups: %w", err)
	}
	// The rest of /proc/sys is the machine's, and stays as it is.
	const network = "/proc/sys/net"
	if err := unix.Mount(network, network, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("making %s writable: %w", network, err)
	}
	if err := remountWritable(network); err != nil {
		return fmt.Errorf("making %s writable: %w", network, err)
	}
	if err := hideKernelSettings(); err != nil {
		return fmt.Errorf("hiding the kernel's settings: %w", err)
	}
	const kernelLog = "/dev/kmsg"
	if err := unix.Mknod(kernelLog, unix.S_IFCHR|0o600, int(unix.Mkdev(1, 11))); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s: %w", kernelLog, err)
	}
	return nil
}

// Version 2 has one hierarchy, version 1 one for each controller.
func writableCgroups() error {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(mounts)) {
		path := strings.Fields(line)[4]
		if path == cgroups || strings.HasPrefix(path, cgroups+"/") {
			if err := remountWritable(path); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	return nil
}

// What the kubelet wants of the kernel, and insists on: that is the machine's, too.
var kernelSettings = map[string]string{
	"kernel/keys/root_maxbytes": "25000000",
	"kernel/keys/root_maxkeys":  "1000000",
	"kernel/panic":              "10",
	"kernel/panic_on_oops":      "1",
	"vm/overcommit_memory":      "1",
	"vm/panic_on_oom":           "0",
}

// The kubelet sees the settings as it wants them, and the machine keeps its own.
func hideKernelSettings() error {
	for name, value := range kernelSettings {
		file := filepath.Join("/run/kubebox", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(value+"\n"), 0o644); err != nil {
			return err
		}
		if err := unix.Mount(file, filepath.Join("/proc/sys", name), "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func remountWritable(path string) error {
	return unix.Mount("", path, "", unix.MS_REMOUNT|unix.MS_BIND, "")
}

// In version 2, a cgroup with processes cannot have others below it that are limited: what runs here moves down.
func delegateCgroup2() error {
	var filesystem unix.Statfs_t
	if err := unix.Statfs(cgroups, &filesystem); err != nil {
		return err
	}
	if filesystem.Type != unix.CGROUP2_SUPER_MAGIC {
		return nil
	}
	own := filepath.Join(cgroups, "kubebox")
	if err := os.MkdirAll(own, 0o755); err != nil {
		return err
	}
	processes, err := os.ReadFile(filepath.Join(cgroups, "cgroup.procs"))
	if err != nil {
		return err
	}
	for _, process := range strings.Fields(string(processes)) {
		err := os.WriteFile(filepath.Join(own, "cgroup.procs"), []byte(process), 0)
		if err != nil && !errors.Is(err, unix.ESRCH) {
			return err
		}
	}
	controllers, err := os.ReadFile(filepath.Join(cgroups, "cgroup.controllers"))
	if err != nil {
		return err
	}
	var delegated strings.Builder
	for _, controller := range strings.Fields(string(controllers)) {
		delegated.WriteString("+" + controller + " ")
	}
	return os.WriteFile(filepath.Join(cgroups, "cgroup.subtree_control"), []byte(delegated.String()), 0)
}
