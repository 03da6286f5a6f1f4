package sparrow.gpu.driver;

import java.util.Set;
import sparrow.engine.device.DeviceInfo;
import sparrow.gpu.device.Language;

/**
 * The properties of a device that are available before it is opened.
 *
 * @param info description of the device
 * @param language language of the kernels
 * @param subgroups subgroup sizes that kernels can require
 * @param multipliesBf16 whether the device has NVIDIA's instruction for products of bf16 matrices
 * @param largestGroup maximum number of items in a work-group
 */
public record Traits(
        DeviceInfo info, Language language, Set<Integer> subgroups, boolean multipliesBf16, int largestGroup) {}
