package sparrow.gpu.driver;

import java.util.Set;
import sparrow.engine.device.DeviceInfo;
import sparrow.gpu.device.Language;

/**
 * The properties of a device that are known before it is opened.
 *
 * @param info for people
 * @param language of its kernels
 * @param subgroups items of the subgroups that kernels can ask for
 * @param multipliesBf16 whether NVIDIA's instruction for products of bf16 matrices is there
 * @param largestGroup the most items of a work-group
 */
public record Traits(
        DeviceInfo info, Language language, Set<Integer> subgroups, boolean multipliesBf16, int largestGroup) {}
