package sparrow.gpu.bench;

import sparrow.app.report.Machine;
import sparrow.engine.device.DeviceInfo;

/**
 * The report of a benchmark of a model on a device.
 *
 * @param command as it was called
 * @param machine that the device belongs to
 * @param device its description
 * @param model its own name
 * @param file its place
 * @param layers L
 * @param figures the measurements
 */
public record DeviceReport(
        String command,
        Machine machine,
        DeviceInfo device,
        String model,
        String file,
        int layers,
        DeviceFigures figures) {}
