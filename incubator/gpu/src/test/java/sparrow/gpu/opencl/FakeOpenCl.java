package sparrow.gpu.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.gpu.driver.SharedLibrary;

/**
 * A loader that knows these platforms, each a list of devices' types. Its functions are written here; those that no query
 * needs answer with a code alone and are not to be called.
 */
@SuppressWarnings("restricted") // functions for a caller of foreign ones
final class FakeOpenCl {
    static final long CPU = 2;
    static final long GPU = 4;

    private static final long DEVICES = 1000;

    private final List<List<Long>> platforms;
    private final int failure;
    private final Map<String, MemorySegment> functions;

    /** @param failure what asking for devices answers; 0 for none */
    private FakeOpenCl(List<List<Long>> platforms, int failure, Arena arena) {
        this.platforms = platforms;
        this.failure = failure;
        functions = Map.of(
                "clGetPlatformIDs",
                stub(arena, "platforms", JAVA_INT, ADDRESS, ADDRESS),
                "clGetPlatformInfo",
                stub(arena, "platformInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS),
                "clGetDeviceIDs",
                stub(arena, "devices", ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS),
                "clGetDeviceInfo",
                stub(arena, "deviceInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static SharedLibrary of(List<List<Long>> platforms, int failure, Arena arena) {
        FakeOpenCl fake = new FakeOpenCl(platforms, failure, arena);
        SymbolLookup symbols =
                name -> Optional.of(fake.functions.getOrDefault(name, fake.functions.get("clGetPlatformIDs")));
        return new SharedLibrary("OpenCL", "fake", symbols);
    }

    private MemorySegment stub(Arena arena, String method, MemoryLayout... arguments) {
        FunctionDescriptor function = FunctionDescriptor.of(JAVA_INT, arguments);
        try {
            MethodType type = function.toMethodType();
            MethodHandle handle = MethodHandles.lookup().bind(this, method, type);
            return Linker.nativeLinker().upcallStub(handle, function, arena);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private int platforms(int room, MemorySegment to, MemorySegment count) {
        if (platforms.isEmpty()) return Status.PLATFORM_NOT_FOUND;
        return list(room, to, count, platforms.size(), 1);
    }

    private int devices(MemorySegment platform, long types, int room, MemorySegment to, MemorySegment count) {
        if (failure != 0) return failure;
        int index = (int) platform.address() - 1;
        if (platforms.get(index).isEmpty()) return Status.DEVICE_NOT_FOUND;
        return list(room, to, count, platforms.get(index).size(), DEVICES * (index + 1));
    }

    private static int list(int room, MemorySegment to, MemorySegment count, int n, long firstHandle) {
        if (count.address() != 0) count.reinterpret(4).set(JAVA_INT, 0, n);
        for (int i = 0; i < room; i++) {
            to.reinterpret(8L * room).setAtIndex(ADDRESS, i, MemorySegment.ofAddress(firstHandle + i));
        }
        return Status.SUCCESS;
    }

    private int platformInfo(MemorySegment platform, int what, long room, MemorySegment to, MemorySegment size) {
        return text("platform " + platform.address(), room, to, size);
    }

    private int deviceInfo(MemorySegment device, int what, long room, MemorySegment to, MemorySegment size) {
        int platform = (int) (device.address() / DEVICES) - 1;
        int index = (int) (device.address() % DEVICES);
        return switch (what) {
            case Queries.DEVICE_TYPE -> number(platforms.get(platform).get(index), room, to, size);
            case Queries.DEVICE_MEMORY -> number(8L << 30, room, to, size);
            case Queries.DEVICE_LARGEST_ALLOCATION -> number(2L << 30, room, to, size);
            case Queries.DEVICE_COMPUTE_UNITS, Queries.DEVICE_LARGEST_GROUP, Queries.DEVICE_COMPILER ->
                number(1, room, to, size);
            case Queries.DEVICE_VERSION -> text("OpenCL 3.0 with words", room, to, size);
            case Queries.DEVICE_NAME -> text(" device " + index + " of " + platform + "  ", room, to, size);
            default -> text("", room, to, size);
        };
    }

    private static int number(long value, long room, MemorySegment to, MemorySegment size) {
        if (size.address() != 0) size.reinterpret(8).set(JAVA_LONG, 0, 8);
        if (room >= 8) to.reinterpret(8).set(JAVA_LONG, 0, value);
        return Status.SUCCESS;
    }

    private static int text(String value, long room, MemorySegment to, MemorySegment size) {
        byte[] bytes = (value + "\0").getBytes(UTF_8);
        if (size.address() != 0) size.reinterpret(8).set(JAVA_LONG, 0, bytes.length);
        if (room >= bytes.length) to.reinterpret(room).copyFrom(MemorySegment.ofArray(bytes));
        return Status.SUCCESS;
    }
}
