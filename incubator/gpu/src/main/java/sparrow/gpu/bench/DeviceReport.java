package sparrow.gpu.bench;

import sparrow.app.report.Machine;
import sparrow.engine.device.DeviceInfo;

/**
 * What was found of a model on a device.
 *
 * @param command as it was called
 * @param machine that the device belongs to
 * @param device what it is
 * @param model what it calls itself
 * @param file where it lies
 * @param layers L
 * @param figures what was measured
 */
public record DeviceReport(
        String command,
        Machine machine,
        DeviceInfo device,
        String model,
        String file,
        int layers,
        DeviceFigures figures) {}
