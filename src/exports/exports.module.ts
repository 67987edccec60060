import { Module } from '@nestjs/common';
import { DatantuontiExportService } from './datantuonti-export.service.js';
import { ExportFilesService } from './export-files.service.js';
import { ExportService } from './export.service.js';
import { DatantuontiExportJob, ExportJob, HenkiloExportJob } from './exports.jobs.js';
import { ExportTablesRepository } from './export-tables.repository.js';
import { HenkiloExportService } from './henkilo-export.service.js';

/** Jobs that write the register into files for other systems. */
@Module({
  providers: [
    DatantuontiExportJob,
    DatantuontiExportService,
    ExportFilesService,
    ExportJob,
    ExportService,
    ExportTablesRepository,
    HenkiloExportJob,
    HenkiloExportService,
  ],
})
export class ExportsModule {}
