package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Allocates memory for weights that every token reads sequentially. On Linux, it uses pages of 2 MiB, so that one core
 * can have enough reads in progress. Such pages must be requested from the kernel before the memory is accessed, but
 * {@link Arena#allocate} accesses it. This class therefore calls four C library functions through the JDK's linker.
 * Without permission for native calls ({@code --enable-native-access}) and on other systems, it returns plain arena
 * memory.
 */
@SuppressWarnings("restricted") // only these four calls, with checked sizes
final class HugePages {
    private static final long PAGE = 2L << 20;
    private static final long SLAB = 256L << 20;
    private static final long LINE = 64;
    private static final int READ_WRITE = 0x1 | 0x2;
    private static final int PRIVATE_ANONYMOUS = 0x02 | 0x20;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;

    private static final Optional<HugePages> LINUX = link();

    /** The unused part of the newest slab of each open arena. */
    private final Map<Arena, MemorySegment> slabs = new HashMap<>();

    private final MethodHandle mmap;
    private final MethodHandle munmap;
    private final MethodHandle madvise;

    /** Size of a small page in bytes, which is 4096 on x86-64 and up to 65536 on arm64. */
    private final long smallPage;

    private HugePages(Linker linker, SymbolLookup c) {
        mmap = linker.downcallHandle(
                c.findOrThrow("mmap"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG));
        munmap = linker.downcallHandle(
                c.findOrThrow("munmap"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        madvise = linker.downcallHandle(
                c.findOrThrow("madvise"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        smallPage = pageSize(
                linker.downcallHandle(c.findOrThrow("getpagesize"), FunctionDescriptor.of(ValueLayout.JAVA_INT)));
    }

    private static long pageSize(MethodHandle getpagesize) {
        try {
            return (int) getpagesize.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<HugePages> link() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        if (!linux || !HugePages.class.getModule().isNativeAccessEnabled()) return Optional.empty();
        try {
            return Optional.of(
                    new HugePages(Linker.nativeLinker(), Linker.nativeLinker().defaultLookup()));
        } catch (UnsupportedOperationException | NoSuchElementException e) {
            return Optional.empty();
        }
    }

    /** Allocates zeroed memory, aligned to at least 64 bytes, in huge pages if available. The arena frees it. */
    static MemorySegment allocate(long bytes, Arena arena) {
        return LINUX.flatMap(pages -> pages.carve(bytes, arena))
                .orElseGet(() -> arena.allocate(Math.max(1, bytes), 64));
    }

    /**
     * Advises the system that the pages of a mapped file are no longer needed, so that they are not counted as memory
     * of this process. If such a page is read, the system loads it from the file again.
     */
    static void evict(MemorySegment file) {
        if (!file.isMapped() || !file.isReadOnly()) return;
        LINUX.ifPresent(pages -> {
            Span whole = Span.inside(file.address(), file.byteSize(), pages.smallPage);
            if (whole.bytes() > 0) pages.advise(whole, MADV_DONTNEED);
        });
    }

    /** A range of memory. */
    record Span(long start, long bytes) {
        /**
         * Returns the complete pages inside a range, or an empty span if there are none. Partial pages at its ends are
         * omitted because they also contain adjacent data.
         */
        static Span inside(long address, long bytes, long page) {
            long from = Math.ceilDiv(address, page) * page;
            long to = (address + bytes) / page * page;
            return new Span(from, Math.max(0, to - from));
        }
    }

    /**
     * Allocates memory from a slab that small matrices share. With separate slabs, the end of each matrix would be in
     * small pages. Returns empty if no slab can be mapped.
     */
    private synchronized Optional<MemorySegment> carve(long bytes, Arena arena) {
        long rounded = Math.ceilDiv(Math.max(1, bytes), LINE) * LINE;
        MemorySegment free = slabs.get(arena);
        if (free == null || free.byteSize() < rounded) {
            Optional<MemorySegment> slab = map(Math.max(SLAB, Math.ceilDiv(rounded, PAGE) * PAGE), arena);
            if (slab.isEmpty()) return slab;
            free = slab.get();
        }
        slabs.put(arena, free.asSlice(rounded));
        return Optional.of(free.asSlice(0, bytes));
    }

    /** Maps a slab of new pages. Pages that are never used take no physical memory. */
    private Optional<MemorySegment> map(long bytes, Arena arena) {
        try {
            long length = Math.addExact(bytes, PAGE);
            long start = (long) mmap.invokeExact(0L, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            if (start == -1) return Optional.empty();
            long aligned = Math.ceilDiv(start, PAGE) * PAGE;
            // If the system rejects the request, the pages are small and reads are slower.
            int _ = (int) madvise.invokeExact(aligned, bytes, MADV_HUGEPAGE);
            return Optional.of(
                    MemorySegment.ofAddress(aligned).reinterpret(bytes, arena, _ -> release(arena, start, length)));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void release(Arena arena, long start, long length) {
        slabs.remove(arena);
        unmap(start, length);
    }

    private void unmap(long start, long length) {
        try {
            int _ = (int) munmap.invokeExact(start, length);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives advice about pages. If the system does not follow it, reads are slower or the pages stay in memory. */
    private void advise(Span pages, int advice) {
        try {
            int _ = (int) madvise.invokeExact(pages.start(), pages.bytes(), advice);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
