// One program that is all of Kubernetes which the tests start: it acts as the program named by
// argv[0] (a symlink), or else by its first argument. One program instead of seven: one link, a
// third of the size, and the running ones share their text in memory.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"go.etcd.io/etcd/server/v3/storage/wal"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	kubectl "k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

const usage = "usage: kubernetes etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kubectl|kubelet|kube-proxy [flags]"

// programs holds how each one runs; a program that returns has ended well.
var programs = map[string]func(){
	"etcd":                    runEtcd,
	"kubectl":                 runKubectl,
	"kube-apiserver":          func() { runServer(apiserver.NewAPIServerCommand()) },
	"kube-controller-manager": func() { runServer(controllermanager.NewControllerManagerCommand()) },
	"kube-scheduler":          func() { runServer(scheduler.NewSchedulerCommand()) },
	"kubelet":                 func() { runServer(kubelet.NewKubeletCommand(context.Background())) },
	"kube-proxy":              func() { runServer(proxy.NewProxyCommand()) },
}

func main() {
	name, args := filepath.Base(os.Args[0]), os.Args
	if programs[name] == nil && len(args) > 1 {
		name, args = args[1], args[1:]
	}
	run := programs[name]
	if run == nil {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	// The programs' own flag parsers and help texts read os.Args.
	os.Args = append([]string{name}, args[1:]...)
	run()
}

func runEtcd() {
	// etcd preallocates two of these; its default of 64 MB each would cost every control plane 114 MB of disk.
	wal.SegmentSizeBytes = 4 << 20
	etcdmain.Main(os.Args)
}

func runKubectl() {
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
}

func runServer(command *cobra.Command) {
	os.Exit(cli.Run(command))
}
