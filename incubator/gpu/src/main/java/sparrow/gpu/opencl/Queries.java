package sparrow.gpu.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import sparrow.gpu.driver.Foreign;
import sparrow.gpu.driver.SharedLibrary;

/** The functions that list platforms and devices, and return their properties. Every {@code size_t} is a long. */
final class Queries {
    static final int PLATFORM_NAME = 0x0902;

    static final int DEVICE_TYPE = 0x1000;
    static final int DEVICE_COMPUTE_UNITS = 0x1002;
    static final int DEVICE_LARGEST_GROUP = 0x1004;
    static final int DEVICE_LARGEST_ALLOCATION = 0x1010;
    static final int DEVICE_MEMORY = 0x101F;
    static final int DEVICE_COMPILER = 0x1028;
    static final int DEVICE_NAME = 0x102B;
    static final int DEVICE_VENDOR = 0x102C;
    static final int DRIVER_VERSION = 0x102D;
    static final int DEVICE_VERSION = 0x102F;
    static final int DEVICE_EXTENSIONS = 0x1030;

    /** Subgroup sizes that a kernel can require, as longs; supported only with the corresponding extension. */
    static final int DEVICE_SUBGROUP_SIZES = 0x4108;

    /** Major compute capability, such as 8 for 8.6; supported only with the corresponding extension. */
    static final int DEVICE_CAPABILITY_MAJOR = 0x4000;

    private static final long ALL_TYPES = 0xFFFFFFFFL;

    private final MethodHandle getPlatforms;
    private final MethodHandle getPlatformInfo;
    private final MethodHandle getDevices;
    private final MethodHandle getDeviceInfo;

    Queries(SharedLibrary library) {
        getPlatforms = library.function("clGetPlatformIDs", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
        getPlatformInfo =
                library.function("clGetPlatformInfo", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
        getDevices = library.function("clGetDeviceIDs", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
        getDeviceInfo = library.function("clGetDeviceInfo", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    }

    /** Returns the installed platforms, or an empty list if there are none. */
    List<MemorySegment> platforms() {
        return handles("clGetPlatformIDs", Status.PLATFORM_NOT_FOUND, (room, to, count) ->
                (int) getPlatforms.invokeExact(room, to, count));
    }

    /** Returns the devices of a platform, or an empty list if there are none. */
    List<MemorySegment> devices(MemorySegment platform) {
        return handles("clGetDeviceIDs", Status.DEVICE_NOT_FOUND, (room, to, count) ->
                (int) getDevices.invokeExact(platform, ALL_TYPES, room, to, count));
    }

    private interface Listing {
        int list(int room, MemorySegment to, MemorySegment count) throws Throwable;
    }

    /** Calls a function twice, first for the number of handles and then for the handles, and returns the handles. */
    private static List<MemorySegment> handles(String call, int none, Listing listing) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            int code = listing.list(0, MemorySegment.NULL, count);
            if (code == none) return List.of();
            Status.check(call, code);
            int n = count.get(JAVA_INT, 0);
            if (n == 0) return List.of();
            MemorySegment found = arena.allocate(ADDRESS, n);
            Status.check(call, listing.list(n, found, MemorySegment.NULL));
            List<MemorySegment> handles = new ArrayList<>();
            for (int i = 0; i < n; i++) handles.add(found.getAtIndex(ADDRESS, i));
            return handles;
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    String platformText(MemorySegment platform, int what) {
        try (Arena arena = Arena.ofConfined()) {
            return Foreign.text(answer("clGetPlatformInfo", getPlatformInfo, platform, what, arena));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    String deviceText(MemorySegment device, int what) {
        try (Arena arena = Arena.ofConfined()) {
            return Foreign.text(answer("clGetDeviceInfo", getDeviceInfo, device, what, arena));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Returns a device property that is a number of 4 or 8 bytes. */
    long deviceNumber(MemorySegment device, int what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = answer("clGetDeviceInfo", getDeviceInfo, device, what, arena);
            return answer.byteSize() == 4 ? Integer.toUnsignedLong(answer.get(JAVA_INT, 0)) : answer.get(JAVA_LONG, 0);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    long[] deviceNumbers(MemorySegment device, int what) {
        try (Arena arena = Arena.ofConfined()) {
            return answer("clGetDeviceInfo", getDeviceInfo, device, what, arena).toArray(JAVA_LONG);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Calls a function twice, first for the length of a property and then for its value, and returns the value. */
    private static MemorySegment answer(String call, MethodHandle info, MemorySegment of, int what, Arena arena)
            throws Throwable {
        MemorySegment size = arena.allocate(JAVA_LONG);
        Status.check(call, (int) info.invokeExact(of, what, 0L, MemorySegment.NULL, size));
        MemorySegment answer = arena.allocate(Math.max(1, size.get(JAVA_LONG, 0)), 8);
        Status.check(call, (int) info.invokeExact(of, what, answer.byteSize(), answer, MemorySegment.NULL));
        return answer;
    }
}
