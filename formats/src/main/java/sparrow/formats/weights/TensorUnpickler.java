package sparrow.formats.weights;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.formats.BadFileException;
import sparrow.formats.Printable;
import sparrow.tensor.DType;

/**
 * Interprets the pickle of a PyTorch checkpoint. The unpickler can build only tensors, dictionaries, lists and plain
 * values. It does not load classes and permits only the calls listed here. Work and memory are bounded for any input.
 *
 * <p>Pickle libraries cannot be used because they build any object that a file requests.
 */
final class TensorUnpickler {
    /** Maximum number of opcodes. A tensor takes about thirty. */
    private static final int MAX_OPCODES = 4_000_000;

    private static final int MAX_STACK = 1_000_000;
    private static final int MAX_MEMO = 1_000_000;

    /** The supported globals, by module and name, separated by a space. */
    private static final Map<String, Pickled> GLOBALS = Map.of(
            "collections OrderedDict", Pickled.Callable.ORDERED_DICT,
            "torch._utils _rebuild_tensor_v2", Pickled.Callable.REBUILD_TENSOR,
            "torch._utils _rebuild_parameter", Pickled.Callable.REBUILD_PARAMETER,
            "torch FloatStorage", new Pickled.StorageClass(DType.F32),
            "torch HalfStorage", new Pickled.StorageClass(DType.F16),
            "torch BFloat16Storage", new Pickled.StorageClass(DType.BF16),
            "torch DoubleStorage", new Pickled.StorageClass(DType.F64),
            "torch IntStorage", new Pickled.StorageClass(DType.I32),
            "torch LongStorage", new Pickled.StorageClass(DType.I64));

    private final PickleBytes bytes;
    private final Map<String, MemorySegment> storages;
    private final List<Pickled> stack = new ArrayList<>();
    private final Map<Long, Pickled> memo = new HashMap<>();

    /**
     * Creates an unpickler.
     *
     * @param storages raw contents of the storages by key
     */
    TensorUnpickler(PickleBytes bytes, Map<String, MemorySegment> storages) {
        this.bytes = bytes;
        this.storages = storages;
    }

    /**
     * Returns the tensors of a state dictionary by name.
     *
     * @throws BadFileException if the pickle contains anything else
     */
    Map<String, StridedView> stateDict() {
        Map<String, StridedView> tensors = new LinkedHashMap<>();
        if (!(run() instanceof Pickled.Dict(var entries))) {
            throw bytes.fault("expected a dictionary of tensors as the result");
        }
        entries.forEach((name, value) -> {
            if (!(value instanceof Pickled.View(StridedView view))) {
                throw bytes.fault("entry " + Printable.of(name) + ": expected a tensor, found " + value.kind());
            }
            tensors.put(name, view);
        });
        return tensors;
    }

    private Pickled run() {
        for (int i = 0; i < MAX_OPCODES; i++) {
            int opcode = bytes.u8();
            if (opcode == '.') return pop();
            step(opcode);
            if (stack.size() > MAX_STACK || memo.size() > MAX_MEMO)
                throw bytes.fault("more values than a checkpoint has");
        }
        throw bytes.fault("more than " + MAX_OPCODES + " operations");
    }

    /** Executes one opcode. Opcode names are the names in Python's pickletools. */
    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(bytes.u8()); // PROTO
            case 0x95 -> bytes.need(bytes.unsigned(8)); // FRAME, which is only a hint for read-ahead
            case 'c' -> push(global(bytes.line(), bytes.line())); // GLOBAL
            case 0x93 -> stackGlobal(); // STACK_GLOBAL
            case 'q' -> memo.put(bytes.unsigned(1), top()); // BINPUT
            case 'r' -> memo.put(bytes.unsigned(4), top()); // LONG_BINPUT
            case 0x94 -> memo.put((long) memo.size(), top()); // MEMOIZE
            case 'h' -> push(memoized(bytes.unsigned(1))); // BINGET
            case 'j' -> push(memoized(bytes.unsigned(4))); // LONG_BINGET
            case '(' -> push(new Pickled.Mark()); // MARK
            case ')' -> push(new Pickled.Tuple(List.of())); // EMPTY_TUPLE
            case 0x85 -> push(new Pickled.Tuple(popLast(1))); // TUPLE1
            case 0x86 -> push(new Pickled.Tuple(popLast(2))); // TUPLE2
            case 0x87 -> push(new Pickled.Tuple(popLast(3))); // TUPLE3
            case 't' -> push(new Pickled.Tuple(popToMark())); // TUPLE
            case ']' -> push(new Pickled.Items(new ArrayList<>())); // EMPTY_LIST
            case '}' -> push(new Pickled.Dict(new LinkedHashMap<>())); // EMPTY_DICT
            case 'X' -> push(new Pickled.Text(bytes.text(bytes.unsigned(4)))); // BINUNICODE
            case 0x8c -> push(new Pickled.Text(bytes.text(bytes.unsigned(1)))); // SHORT_BINUNICODE
            case 'K' -> push(new Pickled.Whole(bytes.unsigned(1))); // BININT1
            case 'M' -> push(new Pickled.Whole(bytes.unsigned(2))); // BININT2
            case 'J' -> push(new Pickled.Whole(bytes.signed(4))); // BININT
            case 0x8a -> push(new Pickled.Whole(bytes.signed(longLength(bytes.u8())))); // LONG1
            case 0x88 -> push(new Pickled.Truth(true)); // NEWTRUE
            case 0x89 -> push(new Pickled.Truth(false)); // NEWFALSE
            case 'N' -> push(new Pickled.None()); // NONE
            case 's' -> setItems(popLast(2)); // SETITEM
            case 'u' -> setItems(popToMark()); // SETITEMS
            case 'a' -> append(popLast(1)); // APPEND
            case 'e' -> append(popToMark()); // APPENDS
            case 'Q' -> push(storage(pop())); // BINPERSID
            case 'R' -> reduce(); // REDUCE
            case 'b' -> build(); // BUILD
            default -> throw bytes.fault("opcode 0x%02x does not occur in a state dictionary".formatted(opcode));
        }
    }

    private void protocol(int version) {
        if (version < 2 || version > 5) throw bytes.fault("expected pickle protocol 2 to 5, found " + version);
    }

    private int longLength(int length) {
        if (length > 8) throw bytes.fault("expected a number of at most 8 bytes, found " + length);
        return length;
    }

    private Pickled global(String module, String name) {
        Pickled known = GLOBALS.get(module + " " + name);
        if (known == null) {
            throw bytes.fault(
                    "refused to load " + Printable.of(module + "." + name) + ", which is not part of a tensor");
        }
        return known;
    }

    private void stackGlobal() {
        List<Pickled> names = popLast(2);
        if (!(names.get(0) instanceof Pickled.Text(String module)
                && names.get(1) instanceof Pickled.Text(String name))) {
            throw bytes.fault("expected a module and a name before STACK_GLOBAL");
        }
        push(global(module, name));
    }

    private Pickled storage(Pickled id) {
        if (!(id instanceof Pickled.Tuple(var parts)
                && parts.size() == 5
                && parts.get(0) instanceof Pickled.Text(String type)
                && type.equals("storage")
                && parts.get(1) instanceof Pickled.StorageClass(DType dtype)
                && parts.get(2) instanceof Pickled.Text(String key)
                && parts.get(4) instanceof Pickled.Whole(long count))) {
            throw bytes.fault("expected the persistent id (\"storage\", class, key, place, count), found " + id.kind());
        }
        MemorySegment data = storages.get(key);
        if (data == null) throw bytes.fault("storage data/" + Printable.of(key) + " is missing");
        if (count < 0 || count > data.byteSize() || dtype.bytes(count) != data.byteSize()) {
            throw bytes.fault("storage data/" + Printable.of(key) + ": expected " + count + " elements of " + dtype
                    + ", found " + data.byteSize() + " bytes");
        }
        return new Pickled.Storage(data, dtype);
    }

    private void reduce() {
        Pickled arguments = pop();
        Pickled function = pop();
        if (!(function instanceof Pickled.Callable callable && arguments instanceof Pickled.Tuple(var items))) {
            throw bytes.fault("expected a call, found " + function.kind() + " with " + arguments.kind());
        }
        push(
                switch (callable) {
                    case ORDERED_DICT -> {
                        if (!items.isEmpty()) throw bytes.fault("expected an empty OrderedDict");
                        yield new Pickled.Dict(new LinkedHashMap<>());
                    }
                    case REBUILD_TENSOR -> rebuildTensor(items);
                    case REBUILD_PARAMETER -> {
                        if (items.isEmpty() || !(items.getFirst() instanceof Pickled.View tensor)) {
                            throw bytes.fault("expected a tensor as the parameter's data");
                        }
                        yield tensor;
                    }
                });
    }

    /**
     * Builds a tensor from (storage, offset, size, strides, requires_grad, hooks). The last two items do not affect its
     * values.
     */
    private Pickled rebuildTensor(List<Pickled> items) {
        if (!(items.size() >= 4
                && items.get(0) instanceof Pickled.Storage storage
                && items.get(1) instanceof Pickled.Whole(long offset)
                && items.get(2) instanceof Pickled.Tuple(var size)
                && items.get(3) instanceof Pickled.Tuple(var strides))) {
            throw bytes.fault("expected a tensor's storage, offset, size and strides");
        }
        List<Integer> shape = new ArrayList<>();
        for (long axis : numbers(size)) {
            if (axis < 0 || axis > Integer.MAX_VALUE) throw bytes.fault("size " + axis + " is outside 0 to 2^31-1");
            shape.add((int) axis);
        }
        try {
            return new Pickled.View(new StridedView(storage.data(), storage.dtype(), offset, shape, numbers(strides)));
        } catch (IllegalArgumentException e) {
            throw bytes.fault(e.getMessage());
        }
    }

    private List<Long> numbers(List<Pickled> items) {
        if (items.size() > StridedView.MAX_AXES) throw bytes.fault("found a tensor of " + items.size() + " axes");
        List<Long> numbers = new ArrayList<>();
        for (Pickled item : items) {
            if (!(item instanceof Pickled.Whole(long value)))
                throw bytes.fault("expected a number, found " + item.kind());
            numbers.add(value);
        }
        return numbers;
    }

    /** Ignores the state of a dictionary. The state is the dictionary's {@code _metadata} (module versions). */
    private void build() {
        pop();
        if (!(top() instanceof Pickled.Dict)) throw bytes.fault("refused to set the state of " + top().kind());
    }

    private void setItems(List<Pickled> items) {
        if (!(top() instanceof Pickled.Dict(var entries))) throw bytes.fault("expected a dictionary for the items");
        if (items.size() % 2 != 0) throw bytes.fault("expected pairs of key and value");
        for (int i = 0; i < items.size(); i += 2) {
            if (!(items.get(i) instanceof Pickled.Text(String key))) {
                throw bytes.fault(
                        "expected a name as key, found " + items.get(i).kind());
            }
            if (entries.put(key, items.get(i + 1)) != null) throw bytes.fault(Printable.of(key) + " occurs twice");
        }
    }

    private void append(List<Pickled> items) {
        if (!(top() instanceof Pickled.Items(var list))) throw bytes.fault("expected a list to append to");
        list.addAll(items);
    }

    private Pickled memoized(long index) {
        Pickled value = memo.get(index);
        if (value == null) throw bytes.fault("nothing was memoized as number " + index);
        return value;
    }

    private void push(Pickled value) {
        stack.add(value);
    }

    private Pickled pop() {
        return popLast(1).getFirst();
    }

    private Pickled top() {
        if (stack.isEmpty()) throw bytes.fault("expected a value, found an empty stack");
        return stack.getLast();
    }

    private List<Pickled> popLast(int count) {
        if (stack.size() < count) throw bytes.fault("expected " + count + " values, found " + stack.size());
        List<Pickled> tail = stack.subList(stack.size() - count, stack.size());
        List<Pickled> items = List.copyOf(tail);
        tail.clear();
        return items;
    }

    private List<Pickled> popToMark() {
        for (int i = stack.size() - 1; i >= 0; i--) {
            if (!(stack.get(i) instanceof Pickled.Mark)) continue;
            List<Pickled> items = popLast(stack.size() - 1 - i);
            stack.removeLast();
            return items;
        }
        throw bytes.fault("expected a mark");
    }
}
