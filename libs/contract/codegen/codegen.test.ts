import { create, setExtension, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, ServiceOptionsSchema } from '@bufbuild/protobuf/wkt';
import type { DescService } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { ErrorCodeSchema, errors } from '../src/gen/quotemaster/common/v1/options_pb.js';
import { serviceWith } from '../test/support/service-with.ts';
import { commentsModule } from './comments.ts';
import { errorCodesModule } from './error-codes.ts';
import { servicesModule } from './services.ts';

const image = toBinary(
  FileDescriptorSetSchema,
  create(FileDescriptorSetSchema, {
    file: [
      {
        name: 'quotemaster/tea/v1/tea.proto',
        package: 'quotemaster.tea.v1',
        messageType: [{ name: 'Cup', field: [{ name: 'size_ml' }], nestedType: [{ name: 'Handle', field: [{ name: 'shape' }] }] }],
        service: [{ name: 'TeaService', method: [{ name: 'Pour' }] }],
        sourceCodeInfo: {
          location: [
            { path: [4, 0], leadingComments: ' Cup is what tea\n is poured into.\n' },
            { path: [4, 0, 2, 0], leadingComments: ' How much "it" holds.\n' },
            { path: [4, 0, 3, 0, 2, 0], leadingComments: ' Its shape.\n' },
            { path: [6, 0], leadingComments: ' TeaService pours.\n' },
            { path: [6, 0, 2, 0], leadingComments: ' Pour pours.\n' },
            { path: [4, 0, 1], leadingComments: ' About a name: not shown.\n' },
          ],
        },
      },
      { name: 'google/other.proto', package: 'google.other', service: [{ name: 'OtherService' }] },
    ],
  }),
);

function declaring(...codes: string[]): DescService {
  const service = serviceWith();
  const options = create(ServiceOptionsSchema);
  setExtension(
    options,
    errors,
    codes.map((code) => create(ErrorCodeSchema, { code, status: 'NOT_FOUND', title: 'T' })),
  );
  service.proto.options = options;
  return service;
}

describe('what make gen writes', () => {
  it('holds the comment of every message, field, service and RPC of ours in one line', () => {
    const module = commentsModule(image);
    for (const line of [
      '"quotemaster.tea.v1.Cup": "Cup is what tea is poured into."',
      '"quotemaster.tea.v1.Cup.size_ml": "How much \\"it\\" holds."',
      '"quotemaster.tea.v1.Cup.Handle.shape": "Its shape."',
      '"quotemaster.tea.v1.TeaService": "TeaService pours."',
      '"quotemaster.tea.v1.TeaService.Pour": "Pour pours."',
    ])
      expect(module).toContain(line);
    expect(module).not.toContain('not shown');
  });

  it('lists a new service of ours without an edit by hand, and no service of others', () => {
    const module = servicesModule(image);
    expect(module).toContain("import { TeaService } from './quotemaster/tea/v1/tea_pb.js';");
    expect(module).toContain('[TeaService]');
    expect(module).not.toContain('OtherService');
  });

  it('gives each declared error a name, and refuses one that is badly written or declared twice', () => {
    const module = errorCodesModule([declaring('tea.too_hot').file]);
    expect(module).toContain('export const testErrors = {');
    expect(module).toContain('tooHot: {"code":"tea.too_hot","status":"NOT_FOUND","title":"T"');
    expect(() => errorCodesModule([declaring('TooHot').file])).toThrow('bad error code "TooHot"');
    expect(() => errorCodesModule([declaring('tea.too_hot').file, declaring('tea.too_hot').file])).toThrow('tea.too_hot is declared by');
  });
});
