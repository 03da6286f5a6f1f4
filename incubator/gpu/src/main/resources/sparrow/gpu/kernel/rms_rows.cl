// y[r, c] = x[r, c] / sqrt(mean over c of x[r, c]^2 + epsilon) * weight[c]. One work-group of ITEMS items per row.
KERNEL void NAME(
        GLOBAL const float *x,
        GLOBAL const float *weight,
        GLOBAL float *y,
        int columns,
        int x_offset,
        int x_pitch,
        int weight_offset,
        int y_offset,
        int y_pitch,
        float epsilon) {
    LOCAL float parts[ITEMS];
    GLOBAL const float *from = x + x_offset + (long) GROUP(0) * x_pitch;
    GLOBAL float *to = y + y_offset + (long) GROUP(0) * y_pitch;
    GLOBAL const float *factors = weight + weight_offset;
    float sum = 0;
    for (int c = ITEM(); c < columns; c += ITEMS) sum = fma(from[c], from[c], sum);
    parts[ITEM()] = sum;
    BARRIER();
    for (int step = ITEMS / 2; step > 0; step /= 2) {
        if (ITEM() < step) parts[ITEM()] += parts[ITEM() + step];
        BARRIER();
    }
    const float scale = 1.0f / sqrt(parts[0] / columns + epsilon);
    for (int c = ITEM(); c < columns; c += ITEMS) to[c] = from[c] * scale * factors[c];
}
