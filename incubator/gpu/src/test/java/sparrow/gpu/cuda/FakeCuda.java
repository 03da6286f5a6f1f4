package sparrow.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A driver whose cards are memory of this process. What is put into a stream is done when somebody waits, so that a caller
 * who changes memory too early is found out. It runs one kernel: add(x, n, f) adds n * (int) f to each int of x.
 */
@SuppressWarnings("restricted") // a caller's memory is given by its address
final class FakeCuda {
    static final int INVALID_CONTEXT = 201;
    private static final int NOT_FOUND = 500;
    private static final long CONTEXT = 11;
    private static final long STREAM = 22;
    private static final long MODULE = 33;
    private static final long FUNCTION = 44;
    private static final long GRAPH = 55;
    private static final long EXECUTABLE = 660;

    private final Arena arena;
    private final ThreadLocal<Long> current = ThreadLocal.withInitial(() -> 0L);
    private final Map<Long, MemorySegment> memory = new HashMap<>();
    private final Deque<Runnable> stream = new ArrayDeque<>();
    private final Map<String, Integer> failures = new HashMap<>();

    private final List<List<Runnable>> executables = new ArrayList<>();

    /** What a capture has so far; null if there is none. */
    private List<Runnable> captured;

    /** What the last capture had. */
    private List<Runnable> graph = List.of();

    /** What was called on open devices, in order. */
    final List<String> calls = new ArrayList<>();

    /** Compute capabilities of the cards. */
    final List<Integer> capabilities = new ArrayList<>(List.of(80));

    /** What was loaded last. */
    String image = "";

    /** Work-groups and items of the last launch. */
    List<Integer> grid = List.of();

    int version = 13020;
    int open;

    FakeCuda(Arena arena) {
        this.arena = arena;
    }

    /** From now on a call answers a code. */
    void fail(String call, int code) {
        failures.put(call, code);
    }

    private int answer(String call) {
        return failures.getOrDefault(call, 0);
    }

    /** Notes a call that is about an open device: its context must be the thread's. */
    private int noted(String call) {
        calls.add(call);
        if (current.get() != CONTEXT) return INVALID_CONTEXT;
        return answer(call);
    }

    private static void put(MemorySegment to, long address) {
        to.reinterpret(8).set(JAVA_LONG, 0, address);
    }

    private static void put(MemorySegment to, int value) {
        to.reinterpret(4).set(JAVA_INT, 0, value);
    }

    int cuGetErrorName(int code, MemorySegment to) {
        if (code > 1000) return 1;
        put(to, arena.allocateFrom("CUDA_ERROR_OF_A_TEST").address());
        return 0;
    }

    int cuInit(int flags) {
        return answer("cuInit");
    }

    int cuDriverGetVersion(MemorySegment to) {
        put(to, version);
        return 0;
    }

    int cuDeviceGetCount(MemorySegment to) {
        put(to, capabilities.size());
        return 0;
    }

    int cuDeviceGet(MemorySegment to, int index) {
        put(to, 100 + index);
        return 0;
    }

    int cuDeviceGetName(MemorySegment to, int room, int device) {
        to.reinterpret(room).setString(0, "Card " + device);
        return 0;
    }

    int cuDeviceTotalMem(MemorySegment to, int device) {
        put(to, 8L << 30);
        return 0;
    }

    int cuDeviceGetAttribute(MemorySegment to, int what, int device) {
        int capability = capabilities.get(device - 100);
        put(
                to,
                switch (what) {
                    case CudaQueries.CAPABILITY_MAJOR -> capability / 10;
                    case CudaQueries.CAPABILITY_MINOR -> capability % 10;
                    case CudaQueries.LARGEST_GROUP -> 1024;
                    default -> 64;
                });
        return 0;
    }

    int cuDevicePrimaryCtxRetain(MemorySegment to, int device) {
        calls.add("cuDevicePrimaryCtxRetain of " + device);
        put(to, CONTEXT);
        open++;
        return 0;
    }

    int cuDevicePrimaryCtxRelease(int device) {
        calls.add("cuDevicePrimaryCtxRelease of " + device);
        open--;
        return answer("cuDevicePrimaryCtxRelease");
    }

    int cuCtxSetCurrent(MemorySegment context) {
        current.set(context.address());
        return answer("cuCtxSetCurrent");
    }

    int cuStreamCreate(MemorySegment to, int flags) {
        int answer = noted("cuStreamCreate");
        if (answer != 0) return answer;
        put(to, STREAM);
        open++;
        return flags == 1 ? 0 : 1;
    }

    int cuStreamDestroy(MemorySegment handle) {
        open--;
        return handle.address() == STREAM ? noted("cuStreamDestroy") : 400;
    }

    int cuMemAlloc(MemorySegment to, long bytes) {
        int answer = noted("cuMemAlloc");
        if (answer != 0) return answer;
        MemorySegment allocated = arena.allocate(bytes, 256);
        memory.put(allocated.address(), allocated);
        put(to, allocated.address());
        open++;
        return 0;
    }

    int cuMemFree(long address) {
        if (!stream.isEmpty()) throw new IllegalStateException("memory is in use");
        memory.remove(address);
        open--;
        return noted("cuMemFree");
    }

    int cuMemAllocHost(MemorySegment to, long bytes) {
        int answer = noted("cuMemAllocHost");
        if (answer != 0) return answer;
        put(to, arena.allocate(bytes, 256).address());
        open++;
        return 0;
    }

    int cuMemFreeHost(MemorySegment address) {
        open--;
        return noted("cuMemFreeHost");
    }

    int cuModuleLoadDataEx(
            MemorySegment to, MemorySegment data, int count, MemorySegment options, MemorySegment values) {
        image = FakeNvrtc.string(data);
        int answer = noted("cuModuleLoadDataEx");
        if (answer != 0) {
            if (count != 2 || options.reinterpret(4).get(JAVA_INT, 0) != 5) return 1;
            values.reinterpret(8).get(ADDRESS, 0).reinterpret(100).setString(0, "ptxas: line 1 is wrong\n");
            return answer;
        }
        put(to, MODULE);
        open++;
        return 0;
    }

    int cuModuleUnload(MemorySegment module) {
        open--;
        return module.address() == MODULE ? noted("cuModuleUnload") : 400;
    }

    int cuModuleGetFunction(MemorySegment to, MemorySegment module, MemorySegment name) {
        String wanted = FakeNvrtc.string(name);
        if (!wanted.equals("add") && !wanted.equals("unknown")) return NOT_FOUND;
        put(to, FUNCTION);
        return module.address() == MODULE ? noted("cuModuleGetFunction") : 400;
    }

    /** Memory of a card; all of it must be of one allocation. */
    private MemorySegment at(long address, long bytes) {
        return memory.values().stream()
                .filter(piece -> address >= piece.address() && address + bytes <= piece.address() + piece.byteSize())
                .map(piece -> piece.asSlice(address - piece.address(), bytes))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not memory of a card"));
    }

    private int enqueued(String call, MemorySegment handle, Runnable work) {
        int answer = noted(call);
        if (answer == 0 && captured != null) captured.add(work);
        else if (answer == 0) stream.add(work);
        return handle.address() == STREAM ? answer : 400;
    }

    int cuMemcpyHtoDAsync(long to, MemorySegment from, long bytes, MemorySegment handle) {
        MemorySegment target = at(to, bytes);
        return enqueued("cuMemcpyHtoDAsync", handle, () -> target.copyFrom(from.reinterpret(bytes)));
    }

    int cuMemcpyDtoHAsync(MemorySegment to, long from, long bytes, MemorySegment handle) {
        MemorySegment source = at(from, bytes);
        return enqueued("cuMemcpyDtoHAsync", handle, () -> to.reinterpret(bytes).copyFrom(source));
    }

    int cuMemcpyDtoDAsync(long to, long from, long bytes, MemorySegment handle) {
        MemorySegment target = at(to, bytes);
        MemorySegment source = at(from, bytes);
        return enqueued("cuMemcpyDtoDAsync", handle, () -> target.copyFrom(source));
    }

    int cuMemsetD8Async(long to, byte value, long bytes, MemorySegment handle) {
        MemorySegment target = at(to, bytes);
        return enqueued("cuMemsetD8Async", handle, () -> target.fill(value));
    }

    int cuLaunchKernel(
            MemorySegment function,
            int gridX,
            int gridY,
            int gridZ,
            int blockX,
            int blockY,
            int blockZ,
            int sharedBytes,
            MemorySegment handle,
            MemorySegment arguments,
            MemorySegment extra) {
        grid = List.of(gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes);
        if (function.address() != FUNCTION || extra.address() != 0) return 400;
        MemorySegment given = arguments.reinterpret(24);
        int count = gridX * gridY * blockX;
        MemorySegment x = at(given.getAtIndex(ADDRESS, 0).reinterpret(8).get(JAVA_LONG, 0), 4L * count);
        int n = given.getAtIndex(ADDRESS, 1).reinterpret(4).get(JAVA_INT, 0);
        float f = given.getAtIndex(ADDRESS, 2).reinterpret(4).get(JAVA_FLOAT, 0);
        return enqueued("cuLaunchKernel", handle, () -> {
            for (int i = 0; i < count; i++) x.setAtIndex(JAVA_INT, i, x.getAtIndex(JAVA_INT, i) + n * (int) f);
        });
    }

    int cuStreamBeginCapture(MemorySegment handle, int mode) {
        captured = new ArrayList<>();
        return handle.address() == STREAM && mode == 1 ? noted("cuStreamBeginCapture") : 400;
    }

    int cuStreamEndCapture(MemorySegment handle, MemorySegment to) {
        int answer = noted("cuStreamEndCapture");
        graph = captured;
        captured = null;
        if (answer != 0) return answer;
        put(to, GRAPH);
        open++;
        return handle.address() == STREAM ? 0 : 400;
    }

    int cuGraphInstantiateWithFlags(MemorySegment to, MemorySegment of, long flags) {
        int answer = noted("cuGraphInstantiate");
        if (answer != 0) return answer;
        put(to, EXECUTABLE + executables.size());
        executables.add(graph);
        open++;
        return of.address() == GRAPH && flags == 0 ? 0 : 400;
    }

    int cuGraphDestroy(MemorySegment of) {
        open--;
        return of.address() == GRAPH ? noted("cuGraphDestroy") : 400;
    }

    int cuGraphLaunch(MemorySegment executable, MemorySegment handle) {
        int answer = noted("cuGraphLaunch");
        if (answer == 0) stream.addAll(executables.get((int) (executable.address() - EXECUTABLE)));
        return handle.address() == STREAM ? answer : 400;
    }

    int cuGraphExecDestroy(MemorySegment executable) {
        open--;
        return executable.address() >= EXECUTABLE ? noted("cuGraphExecDestroy") : 400;
    }

    int cuStreamSynchronize(MemorySegment handle) {
        int answer = noted("cuStreamSynchronize");
        while (!stream.isEmpty()) {
            Runnable work = stream.remove();
            if (answer == 0) work.run();
        }
        return handle.address() == STREAM ? answer : 400;
    }
}
