package sparrow.gpu.bench;

import sparrow.app.report.Machine;
import sparrow.engine.device.DeviceInfo;

/**
 * The report of a benchmark of a model on a device.
 *
 * @param command command line
 * @param machine the machine that contains the device
 * @param device description of the device
 * @param model name of the model
 * @param file path of the model
 * @param layers number of layers L
 * @param figures measurements
 */
public record DeviceReport(
        String command,
        Machine machine,
        DeviceInfo device,
        String model,
        String file,
        int layers,
        DeviceFigures figures) {}
