// The backend of Runboard's data source: passes questions on to the service and decodes its answers.
package main

import (
	"os"

	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"

	"github.com/runboard/runboard/plugin/pkg/plugin"
)

func main() {
	if err := datasource.Manage("runboard-metrics-datasource", plugin.NewDatasource, datasource.ManageOpts{}); err != nil {
		log.DefaultLogger.Error(err.Error())
		os.Exit(1)
	}
}
