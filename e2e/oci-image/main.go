// Oci-image makes a container image of directories, as an archive that docker, containerd and Kubernetes distributions
// import. It needs no engine and no registry. The same input gives the same bytes, on any machine and at any time.
//
//	oci-image --name example.com/app --layer app/ --entrypoint /app/greeter --output app.tar
//
// It prints the name that the image has, with its tag.
package main

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/spf13/pflag"
)

// What an image says about how it is run, and where it goes.
type options struct {
	name, tag, base, output, workingDirectory, user string
	layers, entrypoint, command, env, volumes       []string
}

func main() {
	var o options
	flags := pflag.NewFlagSet("oci-image", pflag.ExitOnError)
	flags.SortFlags = false
	flags.StringVar(&o.name, "name", "", "its name, without a tag")
	flags.StringVar(&o.tag, "tag", "", "its tag (default: made of the content)")
	flags.StringVar(&o.output, "output", "", "the archive to write")
	flags.StringVar(&o.base, "base", "", "an archive whose image this one adds to (default: none)")
	flags.StringArrayVar(&o.layers, "layer", nil, "a directory whose content is added, owned by root")
	flags.StringArrayVar(&o.entrypoint, "entrypoint", nil, "a word of the command that is always run")
	flags.StringArrayVar(&o.command, "command", nil, "a word of what is added to it unless the user says otherwise")
	flags.StringArrayVar(&o.env, "env", nil, "an environment variable, NAME=VALUE")
	flags.StringVar(&o.workingDirectory, "working-directory", "", "where it starts")
	flags.StringVar(&o.user, "user", "", "as whom it starts: UID or UID:GID")
	flags.StringArrayVar(&o.volumes, "volume", nil, "a path that is not part of the container's own file system")
	flags.Parse(os.Args[1:])
	written, err := write(o)
	if err != nil {
		fmt.Fprintf(os.Stderr, "oci-image: %v\n", err)
		os.Exit(1)
	}
	fmt.Println(written)
}

func write(o options) (name.Tag, error) {
	if o.name == "" || o.output == "" {
		return name.Tag{}, errors.New("--name and --output are needed")
	}
	image, err := build(o)
	if err != nil {
		return name.Tag{}, err
	}
	if o.tag == "" {
		id, err := image.ConfigName()
		if err != nil {
			return name.Tag{}, err
		}
		o.tag = id.Hex[:12]
	}
	tag, err := name.NewTag(o.name + ":" + o.tag)
	if err != nil {
		return name.Tag{}, err
	}
	// The layout of `docker save`, which everything reads; docker does not read OCI's before version 25.
	return tag, tarball.WriteToFile(o.output, tag, image)
}

func build(o options) (v1.Image, error) {
	image := empty.Image
	if o.base != "" {
		base, err := tarball.ImageFromPath(o.base, nil)
		if err != nil {
			return nil, fmt.Errorf("base %s: %w", o.base, err)
		}
		image = base
	}
	for _, directory := range o.layers {
		// The archive is read on this machine, soon and often: its size matters less than its speed.
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return archive(directory), nil },
			tarball.WithCompressionLevel(gzip.NoCompression))
		if err != nil {
			return nil, fmt.Errorf("layer %s: %w", directory, err)
		}
		if image, err = mutate.AppendLayers(image, layer); err != nil {
			return nil, fmt.Errorf("layer %s: %w", directory, err)
		}
	}
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	file = file.DeepCopy()
	file.OS, file.Architecture = "linux", runtime.GOARCH
	config := &file.Config
	for _, variable := range o.env {
		config.Env = with(config.Env, variable)
	}
	if o.entrypoint != nil || o.command != nil {
		config.Entrypoint, config.Cmd = o.entrypoint, o.command
	}
	if o.workingDirectory != "" {
		config.WorkingDir = o.workingDirectory
	}
	if o.user != "" {
		config.User = o.user
	}
	for _, volume := range o.volumes {
		if config.Volumes == nil {
			config.Volumes = map[string]struct{}{}
		}
		config.Volumes[volume] = struct{}{}
	}
	return mutate.ConfigFile(image, file)
}

// The environment with the variable, in place of one of its name.
func with(env []string, variable string) []string {
	key, _, _ := strings.Cut(variable, "=")
	others := slices.DeleteFunc(slices.Clone(env), func(each string) bool { return strings.HasPrefix(each, key+"=") })
	return append(others, variable)
}

// The directory's content as a tar stream: in a fixed order, without times, owned by root.
func archive(directory string) io.ReadCloser {
	directory = filepath.Clean(directory)
	reader, writer := io.Pipe()
	go func() {
		buffered := tar.NewWriter(writer)
		err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || path == directory {
				return err
			}
			return add(buffered, directory, path, entry)
		})
		writer.CloseWithError(errors.Join(err, buffered.Close()))
	}()
	return reader
}

func add(writer *tar.Writer, directory, path string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		return err
	}
	if info.Mode()&(fs.ModeSocket|fs.ModeDevice|fs.ModeNamedPipe) != 0 {
		return fmt.Errorf("%s: an image has files, directories and links, not %s", path, info.Mode())
	}
	link := ""
	if info.Mode()&fs.ModeSymlink != 0 {
		if link, err = os.Readlink(path); err != nil {
			return err
		}
	}
	full, err := tar.FileInfoHeader(info, link)
	if err != nil {
		return err
	}
	name := strings.TrimPrefix(path, directory+string(filepath.Separator))
	if info.IsDir() {
		name += "/"
	}
	header := tar.Header{Typeflag: full.Typeflag, Name: name, Linkname: full.Linkname, Mode: full.Mode, Size: full.Size}
	if err := writer.WriteHeader(&header); err != nil || !info.Mode().IsRegular() {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(writer, file)
	return err
}
