package sparrow.gpu.opencl;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.gpu.device.Language;
import sparrow.gpu.driver.Traits;

/** A device listed by a platform. */
record Found(MemorySegment platform, MemorySegment device, Traits traits) {
    private static final long CPU = 2;
    private static final long GPU = 4;

    /** The oldest major compute capability with products of bf16 matrices. */
    private static final int WITH_BF16 = 8;

    /**
     * Reads a device's properties.
     *
     * @param index index in the list of all platforms' devices, from 0
     */
    static Found of(Queries queries, MemorySegment platform, MemorySegment device, int index) {
        DeviceInfo info = new DeviceInfo(
                "opencl:" + index,
                queries.deviceText(device, Queries.DEVICE_NAME),
                queries.deviceText(device, Queries.DEVICE_VENDOR),
                kind(queries.deviceNumber(device, Queries.DEVICE_TYPE)),
                queries.deviceNumber(device, Queries.DEVICE_MEMORY),
                queries.deviceNumber(device, Queries.DEVICE_LARGEST_ALLOCATION),
                Math.toIntExact(queries.deviceNumber(device, Queries.DEVICE_COMPUTE_UNITS)),
                host(queries.deviceText(device, Queries.DEVICE_VERSION)),
                queries.deviceText(device, Queries.DRIVER_VERSION));
        List<String> extensions = Arrays.asList(
                queries.deviceText(device, Queries.DEVICE_EXTENSIONS).split(" "));
        Traits traits = new Traits(
                info,
                language(extensions),
                subgroups(queries, device, extensions),
                multipliesBf16(extensions, () -> queries.deviceNumber(device, Queries.DEVICE_CAPABILITY_MAJOR)),
                Math.toIntExact(queries.deviceNumber(device, Queries.DEVICE_LARGEST_GROUP)));
        return new Found(platform, device, traits);
    }

    DeviceInfo info() {
        return traits.info();
    }

    static Kind kind(long type) {
        if ((type & GPU) != 0) return Kind.GPU;
        return (type & CPU) != 0 ? Kind.CPU : Kind.OTHER;
    }

    /** Returns the version without the vendor's text: {@code OpenCL 3.0} for {@code OpenCL 3.0 CUDA}. */
    static String host(String version) {
        String[] words = version.split(" ", 3);
        return words.length < 2 ? version : words[0] + " " + words[1];
    }

    /**
     * Returns the language of the kernels. The language is detected by the extension of NVIDIA's compiler, and not by
     * the vendor, because other drivers for NVIDIA's cards have other compilers.
     */
    static Language language(List<String> extensions) {
        return extensions.contains("cl_nv_compiler_options") ? Language.OPENCL_C_WITH_PTX : Language.OPENCL_C;
    }

    /**
     * Returns whether the compiler supports inline PTX and the card has the instruction for products of bf16 matrices.
     */
    static boolean multipliesBf16(List<String> extensions, LongSupplier capability) {
        return language(extensions) == Language.OPENCL_C_WITH_PTX
                && extensions.contains("cl_nv_device_attribute_query")
                && capability.getAsLong() >= WITH_BF16;
    }

    /**
     * Returns the subgroup sizes that kernels can require. If a kernel does not require a size, the driver chooses the
     * size.
     */
    private static Set<Integer> subgroups(Queries queries, MemorySegment device, List<String> extensions) {
        if (!extensions.contains("cl_intel_required_subgroup_size")) return Set.of();
        if (!extensions.contains("cl_khr_subgroups") && !extensions.contains("cl_intel_subgroups")) return Set.of();
        return Arrays.stream(queries.deviceNumbers(device, Queries.DEVICE_SUBGROUP_SIZES))
                .mapToObj(Math::toIntExact)
                .collect(Collectors.toUnmodifiableSet());
    }
}
