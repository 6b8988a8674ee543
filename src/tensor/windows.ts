/** Windows that slide over images (N,C,H,W): element t of window i is `data[corners[i] + taps[t]]`. */
export interface Windows {
  /** Positions down and across an image. */
  readonly down: number;
  readonly across: number;
  /** The first element of every window: N·down·across of them, image by image, row by row. */
  readonly corners: Int32Array;
  /** From a window's first element to each of its C·height·width ones, channel by channel, row by row. */
  readonly taps: Int32Array;
}

/** How often a window of this extent fits, when it moves by `stride`. */
export function positionsIn(extent: number, window: number, stride: number): number {
  return Math.floor((extent - window) / stride) + 1;
}

/** Windows of height × width, which must fit, through all channels of row-major images. */
export function slidingWindows(
  [batch, channels, rows, columns]: readonly number[],
  height: number,
  width: number,
  stride: number,
): Windows {
  const down = positionsIn(rows, height, stride);
  const across = positionsIn(columns, width, stride);
  const corners = new Int32Array(batch * down * across);
  for (let b = 0, i = 0; b < batch; b++) {
    for (let y = 0; y < down; y++) {
      const row = (b * channels * rows + y * stride) * columns;
      for (let x = 0; x < across; x++) corners[i++] = row + x * stride;
    }
  }
  const taps = new Int32Array(channels * height * width);
  for (let c = 0, t = 0; c < channels; c++) {
    for (let dy = 0; dy < height; dy++) {
      for (let dx = 0; dx < width; dx++) taps[t++] = (c * rows + dy) * columns + dx;
    }
  }
  return { down, across, corners, taps };
}
